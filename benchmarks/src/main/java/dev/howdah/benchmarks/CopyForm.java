package dev.howdah.benchmarks;

/** A COPY of W6. */
public enum CopyForm {
    /** Text to the server. */
    TEXT_IN("text", true),
    /** Binary to the server. */
    BINARY_IN("binary", true),
    /** Text from the server. */
    TEXT_OUT("text", false),
    /** Binary from the server. */
    BINARY_OUT("binary", false);

    /** To be run on a connection first: the text of a time depends on it. */
    public static final String SET_ZONE = "set timezone to 'UTC'";

    private final String format;
    private final boolean in;

    CopyForm(String format, boolean in) {
        this.format = format;
        this.in = in;
    }

    /** Whether it goes to the server. */
    public boolean isIn() {
        return in;
    }

    /** The statement that writes r_copy. */
    public String copyIn() {
        return "copy r_copy from stdin (format " + format + ")";
    }

    /** The statement that reads r. */
    public String copyOut() {
        return "copy r to stdout (format " + format + ")";
    }
}
