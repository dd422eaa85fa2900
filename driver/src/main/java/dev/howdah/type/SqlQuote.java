package dev.howdah.type;

/**
 * A value as SQL text. An object that implements it can be a parameter without an {@link Adapter}; adapters may give one.
 *
 * <p>If the text is one constant (a string {@code '...'} or {@code E'...'}, a number, NULL, TRUE or FALSE), its value is
 * bound as {@link TextForm}, so that the statement stays the same for the server. Any other expression is put into the
 * statement's text in the parameter's place, a new statement for the server with each new text; where the text cannot
 * change (a prepared query, a batch, an element of an array) it is refused.
 *
 * <p>The text is SQL and nobody quotes it again: it must never hold a string from outside that was not quoted, as {@code
 * Sql.adapt} does.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-CONSTANTS">Constants</a>
 */
@FunctionalInterface
public interface SqlQuote {

    /**
     * {@return the value as SQL text: an expression with its quotes} Neither empty nor with a semicolon, an open string,
     * bracket or comment.
     */
    String quoted();
}
