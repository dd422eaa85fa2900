package dev.howdah.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * On a {@code @ParameterizedTest}: runs it once for each version of {@link SharedServers#versions()}. Its first parameter says as what it
 * wants the version: an {@code int}, the shared {@link PostgresServer}, or a fresh {@link TestDatabase} on it (dropped afterwards).
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ArgumentsSource(PostgresVersionsProvider.class)
public @interface PostgresVersions {
    /** The oldest version that the test makes sense for. */
    int from() default 14;
}
