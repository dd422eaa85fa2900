package dev.howdah.cli;

/**
 * Colours, or none.
 *
 * @see <a href="https://www.ecma-international.org/publications-and-standards/standards/ecma-48/">ECMA-48, SGR</a>
 */
public enum Style {
    /** Text as it is. */
    PLAIN(false),
    /** Text between escape sequences that every terminal of today knows. */
    COLOURS(true);

    private final boolean on;

    Style(boolean on) {
        this.on = on;
    }

    /** For headings. */
    public String bold(String text) {
        return wrapped("1", text);
    }

    /** For what is less important. */
    public String dim(String text) {
        return wrapped("2", text);
    }

    /** For what went wrong. */
    public String red(String text) {
        return wrapped("31", text);
    }

    /** For what may go wrong. */
    public String yellow(String text) {
        return wrapped("33", text);
    }

    /** For what went well. */
    public String green(String text) {
        return wrapped("32", text);
    }

    /** For values that came from the server. */
    public String cyan(String text) {
        return wrapped("36", text);
    }

    private String wrapped(String code, String text) {
        return on && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
