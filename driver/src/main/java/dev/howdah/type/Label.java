package dev.howdah.type;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a constant of a Java enum: the label of PostgreSQL's enum that it stands for, letter for letter.
 *
 * <pre>{@code
 * enum Mood {
 *     SAD,
 *     @Label("very happy!") DELIGHTED
 * }
 * }</pre>
 *
 * <p>A constant without it stands for the label that is its name; if there is none, for the one label that differs from
 * its name in case only, or in having a space or {@code -} where the name has {@code _}: {@code VERY_SAD} for
 * {@code very sad}. If several would do, the value is refused with an exception that names them. A constant that stands
 * for no known label is sent by its name, so that the server decides.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype-enum.html">Enumerated types</a>
 */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Label {

    /** {@return the label} */
    String value();
}
