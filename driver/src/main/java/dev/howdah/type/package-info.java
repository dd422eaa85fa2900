/**
 * PostgreSQL's values as Java values and back: {@link dev.howdah.type.Codec} translates one type,
 * {@link dev.howdah.type.TypeRegistry} knows which codec serves which type, and the classes here are the values that
 * Java itself lacks.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype.html">Data types</a>
 */
@NullMarked
package dev.howdah.type;

import org.jspecify.annotations.NullMarked;
