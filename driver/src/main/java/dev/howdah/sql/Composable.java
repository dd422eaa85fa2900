package dev.howdah.sql;

/**
 * A piece that SQL is composed of. A String is none: text that is meant as SQL is made a piece by {@link Sql#of}, and
 * everything else by a kind of piece that cannot be read as anything but what it is. All are immutable and safe for
 * several threads.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-syntax-lexical.html">Lexical structure</a>
 */
public sealed interface Composable permits Sql, Identifier, Literal, Placeholder, BoundValue {

    /**
     * Returns the SQL text of this piece, with {@code $1, $2 ...} for values that are sent apart from it.
     *
     * @param context the connection that the text is for, or {@link SqlContext#DEFAULT}
     * @throws IllegalArgumentException if the pieces do not make SQL text together
     * @throws dev.howdah.error.ConversionException if the value of a literal cannot be written
     */
    default String asString(SqlContext context) {
        return Sql.of(this).statement(context).text();
    }
}
