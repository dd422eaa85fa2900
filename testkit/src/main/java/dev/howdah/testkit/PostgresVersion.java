package dev.howdah.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The version of the shared server that {@link PostgresExtension} gives to this class, method or parameter. */
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
public @interface PostgresVersion {
    /** The major version, 14 to 18. */
    int value();
}
