package dev.howdah.type;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which column of a result, or attribute of a row type, a component of a record stands for, where that is not called
 * like the component. It takes the place of the component's name in every rule of {@link RecordMapping}; on a component
 * that is a record itself it is what the names of the columns begin with.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface ColumnName {

    /** {@return the name, as the server prints it} */
    String value();
}
