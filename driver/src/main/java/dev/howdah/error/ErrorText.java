package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/** Writes the message of a {@link ServerException}, with the position marked by a caret. */
final class ErrorText {
    /** The widest excerpt of a statement, in characters. */
    private static final int WIDTH = 80;

    /** What is kept of the line before the position when the line is too long. */
    private static final int BEFORE = 50;

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
        part(text, "Context", context == null ? null : PasswordMask.apply(context));
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
        String shown = PasswordMask.apply(query);
        int length = shown.codePointCount(0, shown.length());
        if (position > length + 1) {
            return;
        }
        int at = shown.offsetByCodePoints(0, position - 1);
        int start = lineStart(shown, at);
        int end = lineEnd(shown, at);
        int number = 1
                + (int) shown.substring(0, start).chars().filter(c -> c == '\n').count();
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
}
