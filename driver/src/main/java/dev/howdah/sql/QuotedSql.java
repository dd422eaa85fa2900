package dev.howdah.sql;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.sql.SqlToken.Kind;
import dev.howdah.type.SqlQuote;
import java.util.ArrayDeque;
import java.util.Deque;

/** The text of a {@link SqlQuote}, checked: it is complete in itself. */
final class QuotedSql {

    private QuotedSql() {}

    /** Returns the text, unchecked; reports what {@link SqlQuote#quoted} throws. */
    static String of(SqlQuote quote) {
        String sql;
        try {
            sql = quote.quoted();
        } catch (RuntimeException e) {
            // A foreign message may hold the value.
            throw new ConversionException(
                    "the SQL text of a " + quote.getClass().getTypeName() + " failed with "
                            + e.getClass().getName(),
                    Delivery.NOT_SENT,
                    e);
        }
        if (sql == null) {
            throw refused(quote, "nothing in it");
        }
        return sql;
    }

    /**
     * Returns the text.
     *
     * @throws IllegalArgumentException if it has nothing but space and comments, an open string, bracket or comment, a
     *     parameter or a semicolon
     */
    static String check(SqlQuote quote, SqlContext context) {
        String sql = of(quote);
        Deque<String> open = new ArrayDeque<>();
        boolean empty = true;
        for (SqlToken token : SqlScanner.scan(sql, context.standardConformingStrings())) {
            if (token.kind() == Kind.PARAMETER) {
                throw refused(quote, "a parameter");
            }
            empty &= token.kind() == Kind.SPACE || token.kind() == Kind.COMMENT;
            if (token.kind() != Kind.SYMBOL) {
                continue;
            }
            switch (token.text()) {
                case ";" -> throw refused(quote, "a semicolon");
                case "(" -> open.push(")");
                case "[" -> open.push("]");
                case ")", "]" -> {
                    if (!token.text().equals(open.poll())) {
                        throw refused(quote, "a bracket that was not opened");
                    }
                }
                default -> {}
            }
        }
        if (empty || !open.isEmpty()) {
            throw refused(quote, empty ? "nothing in it" : "an open bracket");
        }
        return sql;
    }

    private static IllegalArgumentException refused(SqlQuote quote, String what) {
        return new IllegalArgumentException(
                "the SQL text of a " + quote.getClass().getTypeName() + " has " + what);
    }
}
