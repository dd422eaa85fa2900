package dev.howdah;

import dev.howdah.error.ConfigException;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The {@code key=value} form of a connection string, with libpq's quoting: blanks may stand around the {@code =}, a value
 * with blanks stands in single quotes, a backslash takes the next character as it is.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE">Keyword/value
 *     connection strings</a>
 */
final class ConninfoText {
    private final String text;
    private int at;

    private ConninfoText(String text) {
        this.text = text;
    }

    /** Hands each pair to the sink, in order. Messages never hold text from behind a {@code =}. */
    static void parse(String text, BiConsumer<String, String> sink) {
        new ConninfoText(text).parse(sink);
    }

    /** Writes pairs so that {@link #parse} reads the same ones. */
    static String print(Map<String, String> pairs) {
        StringBuilder out = new StringBuilder();
        pairs.forEach((keyword, value) -> {
            if (!out.isEmpty()) {
                out.append(' ');
            }
            out.append(keyword).append('=');
            appendValue(out, value);
        });
        return out.toString();
    }

    private static void appendValue(StringBuilder out, String value) {
        boolean plain = !value.isEmpty() && value.chars().noneMatch(c -> isBlank((char) c) || c == '\'' || c == '\\');
        if (plain) {
            out.append(value);
            return;
        }
        out.append('\'');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\'' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        out.append('\'');
    }

    private void parse(BiConsumer<String, String> sink) {
        String previous = "";
        boolean previousQuoted = true;
        skipBlanks();
        while (at < text.length()) {
            int start = at;
            String keyword = keyword();
            boolean hasValue = at < text.length() && text.charAt(at) == '=';
            boolean maybeSecret = !previousQuoted && isSecret(previous);
            if (!hasValue || (maybeSecret && !isKnown(keyword))) {
                throw unexpectedWord(start, maybeSecret ? previous : null);
            }
            at++;
            skipBlanks();
            previousQuoted = at < text.length() && text.charAt(at) == '\'';
            sink.accept(keyword, previousQuoted ? quoted(keyword) : unquoted());
            previous = keyword;
            skipBlanks();
        }
    }

    /** The word may be the rest of a password with a blank in it, so it is not repeated. */
    private static ConfigException unexpectedWord(int start, @Nullable String secret) {
        String where = "at character " + (start + 1) + " of the connection string";
        if (secret == null) {
            return new ConfigException(null, "Missing \"=\" after the word " + where);
        }
        return new ConfigException(
                secret, "unexpected word after it, " + where + "; a value with blanks must stand in single quotes");
    }

    private String keyword() {
        int start = at;
        while (at < text.length() && text.charAt(at) != '=' && !isBlank(text.charAt(at))) {
            at++;
        }
        String keyword = text.substring(start, at);
        skipBlanks();
        return keyword;
    }

    private String unquoted() {
        StringBuilder value = new StringBuilder();
        while (at < text.length() && !isBlank(text.charAt(at))) {
            char c = text.charAt(at++);
            if (c != '\\') {
                value.append(c);
            } else if (at < text.length()) {
                value.append(text.charAt(at++));
            }
        }
        return value.toString();
    }

    private String quoted(String keyword) {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\'') {
                return value.toString();
            }
            if (c != '\\') {
                value.append(c);
            } else if (at < text.length()) {
                value.append(text.charAt(at++));
            }
        }
        String message = "A quoted value has no closing quote in the connection string";
        throw Keyword.find(keyword) == null
                ? new ConfigException(null, message)
                : new ConfigException(keyword, message);
    }

    private void skipBlanks() {
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isSecret(String keyword) {
        Keyword known = Keyword.find(keyword);
        return known != null && known.isSecret();
    }

    private static boolean isKnown(String keyword) {
        return Keyword.find(keyword) != null || keyword.startsWith(GivenOptions.PARAMETER_PREFIX);
    }

    /** What C's isspace says. */
    private static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
