package dev.howdah.error;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes the message of a {@link ServerException}, with the position marked by a caret. */
final class ErrorText {
    /** The widest excerpt of a statement, in characters. */
    private static final int WIDTH = 80;

    /** What is kept of the line before the position when the line is too long. */
    private static final int BEFORE = 50;

    private static final String KEYWORD = "password";

    private ErrorText() {}

    static String of(Diagnostics diagnostics, @Nullable String query) {
        StringBuilder text = new StringBuilder(headline(diagnostics));
        part(text, "Detail", diagnostics.messageDetail());
        part(text, "Hint", diagnostics.messageHint());
        if (diagnostics.statementPosition() > 0 && query != null) {
            excerpt(text, "Line", query, diagnostics.statementPosition());
        } else if (diagnostics.internalPosition() > 0 && diagnostics.internalQuery() != null) {
            excerpt(text, "Internal query, line", diagnostics.internalQuery(), diagnostics.internalPosition());
        }
        String context = diagnostics.context();
        part(text, "Context", context == null ? null : maskPasswords(context));
        return text.toString();
    }

    /** Severity, primary message and code: one line for any place that names a server's error. */
    static String headline(Diagnostics diagnostics) {
        String code = diagnostics.sqlState().toString();
        return diagnostics.severity() + ": " + diagnostics.messagePrimary() + (code.isEmpty() ? "" : " (" + code + ")");
    }

    private static void part(StringBuilder text, String label, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            text.append("\n  ").append(label).append(": ").append(value.replace("\n", "\n    "));
        }
    }

    /** Appends the line that holds the position (code points, from 1) and a caret below it. */
    private static void excerpt(StringBuilder text, String label, String query, int position) {
        String shown = maskPasswords(query);
        int length = shown.codePointCount(0, shown.length());
        if (position > length + 1) {
            return;
        }
        int at = shown.offsetByCodePoints(0, position - 1);
        int start = lineStart(shown, at);
        int end = lineEnd(shown, at);
        int number = 1 + (int) shown.substring(0, start).chars().filter(c -> c == '\n').count();
        int column = shown.codePointCount(start, at);
        int columns = shown.codePointCount(start, end);
        int from = columns <= WIDTH ? 0 : Math.max(0, column - BEFORE);
        int to = Math.min(columns, from + WIDTH);
        String before = from > 0 ? "..." : "";
        String line = shown.substring(shown.offsetByCodePoints(start, from), shown.offsetByCodePoints(start, to));
        String head = "  " + label + " " + number + ": " + before;
        text.append('\n').append(head).append(printable(line)).append(to < columns ? "..." : "");
        text.append('\n').append(" ".repeat(head.length() + column - from)).append('^');
    }

    private static int lineStart(String text, int at) {
        int i = at;
        while (i > 0 && text.charAt(i - 1) != '\n') {
            i--;
        }
        return i;
    }

    private static int lineEnd(String text, int at) {
        int i = text.indexOf('\n', at);
        return i < 0 ? text.length() : i;
    }

    /** Tabs and other control characters would move the caret: a space each. */
    private static String printable(String line) {
        StringBuilder clean = new StringBuilder(line);
        for (int i = 0; i < clean.length(); i++) {
            if (Character.isISOControl(clean.charAt(i))) {
                clean.setCharAt(i, ' ');
            }
        }
        return clean.toString();
    }

    /** Replaces the literal after each keyword PASSWORD by asterisks, as many, so that positions stay. */
    static String maskPasswords(String query) {
        String lower = query.toLowerCase(Locale.ROOT);
        int found = lower.length() == query.length() ? lower.indexOf(KEYWORD) : -1;
        if (found < 0) {
            return query;
        }
        StringBuilder masked = new StringBuilder(query);
        while (found >= 0) {
            int from = found + KEYWORD.length();
            while (from < query.length() && (Character.isWhitespace(query.charAt(from)) || query.charAt(from) == '=')) {
                from++;
            }
            int to = literalEnd(query, from);
            for (int i = from; i < to; i++) {
                char c = masked.charAt(i);
                if (c != '\n' && c != '\'' && !Character.isSurrogate(c)) {
                    masked.setCharAt(i, '*');
                }
            }
            found = lower.indexOf(KEYWORD, Math.max(to, from));
        }
        return masked.toString();
    }

    /** The end of the string literal (plain, E, U&amp; or dollar-quoted) that starts at the offset; the offset if none. */
    private static int literalEnd(String query, int from) {
        int quote = query.indexOf('\'', from);
        if (query.startsWith("$", from)) {
            int tag = query.indexOf('$', from + 1);
            int close = tag < 0 ? -1 : query.indexOf(query.substring(from, tag + 1), tag + 1);
            return close < 0 ? query.length() : close + (tag + 1 - from);
        }
        if (quote < 0 || quote - from > 2) {
            return from;
        }
        boolean escapes = quote - from == 1;
        for (int i = quote + 1; i < query.length(); i++) {
            char c = query.charAt(i);
            if (escapes && c == '\\') {
                i++;
            } else if (c == '\'') {
                if (i + 1 < query.length() && query.charAt(i + 1) == '\'') {
                    i++;
                } else {
                    return i + 1;
                }
            }
        }
        return query.length();
    }
}
