/**
 * COPY, PostgreSQL's way to move many rows at once: {@link dev.howdah.copy.CopyIn} writes rows of Java values, {@link
 * dev.howdah.copy.CopyOut} reads them. The verbs that begin a COPY, raw ones included, are those of a connection, see {@link
 * dev.howdah.CopyQueries}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY</a>
 */
package dev.howdah.copy;
