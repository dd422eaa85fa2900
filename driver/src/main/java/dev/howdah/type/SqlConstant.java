package dev.howdah.type;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * SQL text that is one constant: a string {@code '...'} or {@code E'...'}, a number, NULL, TRUE or FALSE.
 *
 * @param value what it stands for, null for NULL
 * @see <a href="https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-CONSTANTS">Constants</a>
 */
public record SqlConstant(@Nullable TextForm value) {

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");

    private static final int HIGHEST_ASCII = 0x7F;

    /**
     * Reads a constant, with white space around it.
     *
     * @param sql the text
     * @param standardConformingStrings the session's setting of that name; if off, a backslash in '...' escapes
     * @return null if it is anything else: an expression, a string of another notation, or malformed
     */
    public static @Nullable SqlConstant of(String sql, boolean standardConformingStrings) {
        String text = sql.strip();
        if (text.length() >= 2 && text.endsWith("'")) {
            if (text.startsWith("'")) {
                return string(text, 1, !standardConformingStrings);
            }
            return text.startsWith("E'") || text.startsWith("e'") ? string(text, 2, true) : null;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "null" -> new SqlConstant(null);
            case "true", "false" -> new SqlConstant(new TextForm(text.toLowerCase(Locale.ROOT)));
            default -> NUMBER.matcher(text).matches() ? new SqlConstant(new TextForm(text)) : null;
        };
    }

    private static @Nullable SqlConstant string(String text, int begin, boolean escapes) {
        StringBuilder value = new StringBuilder(text.length());
        int end = text.length() - 1;
        int at = begin;
        while (at < end) {
            char c = text.charAt(at++);
            if (c == '\'') {
                if (at == end || text.charAt(at++) != '\'') {
                    return null;
                }
                value.append('\'');
            } else if (c == '\\' && escapes) {
                at = escape(text, at, end, value);
                if (at < 0) {
                    return null;
                }
            } else {
                value.append(c);
            }
        }
        return at == end ? new SqlConstant(new TextForm(value.toString())) : null;
    }

    /** Reads what follows a backslash; returns where it ends, or -1 if it is not understood. */
    private static int escape(String text, int at, int end, StringBuilder value) {
        if (at == end) {
            return -1;
        }
        char c = text.charAt(at);
        switch (c) {
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case 'n' -> value.append('\n');
            case 'r' -> value.append('\r');
            case 't' -> value.append('\t');
            case 'x' -> {
                return number(text, at + 1, digits(text, at + 1, Math.min(end, at + 3), 16), 16, value);
            }
            case 'u' -> {
                return at + 5 > end ? -1 : unicode(text, at + 1, at + 5, value);
            }
            case 'U' -> {
                return at + 9 > end ? -1 : unicode(text, at + 1, at + 9, value);
            }
            default -> {
                if (c >= '0' && c <= '7') {
                    return number(text, at, digits(text, at, Math.min(end, at + 3), 8), 8, value);
                }
                value.append(c);
            }
        }
        return at + 1;
    }

    private static int digits(String text, int from, int limit, int radix) {
        int to = from;
        while (to < limit && Character.digit(text.charAt(to), radix) >= 0) {
            to++;
        }
        return to;
    }

    /** Reads a byte; beyond ASCII it is part of a character in the server's encoding. */
    private static int number(String text, int from, int to, int radix, StringBuilder value) {
        if (from == to) {
            return -1;
        }
        int code = Integer.parseInt(text, from, to, radix);
        if (code == 0 || code > HIGHEST_ASCII) {
            return -1;
        }
        value.append((char) code);
        return to;
    }

    private static int unicode(String text, int from, int to, StringBuilder value) {
        if (digits(text, from, to, 16) != to) {
            return -1;
        }
        long code = Long.parseLong(text, from, to, 16);
        if (code == 0 || code > Character.MAX_CODE_POINT) {
            return -1;
        }
        value.appendCodePoint((int) code);
        return to;
    }
}
