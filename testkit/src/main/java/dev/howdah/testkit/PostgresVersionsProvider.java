package dev.howdah.testkit;

import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.AnnotationBasedArgumentsProvider;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** What {@link PostgresVersions} stands for. */
final class PostgresVersionsProvider extends AnnotationBasedArgumentsProvider<PostgresVersions> {

    @Override
    protected Stream<? extends Arguments> provideArguments(
            ParameterDeclarations parameters, ExtensionContext context, PostgresVersions annotation) {
        Class<?> wanted = parameters
                .getFirst()
                .orElseThrow(() -> new IllegalStateException("@PostgresVersions needs a parameter"))
                .getParameterType();
        // Lazily: JUnit takes one, runs the test, closes it if it can be closed, and takes the next.
        return SharedServers.versions().stream()
                .filter(version -> version >= annotation.from())
                .map(version -> Arguments.of(argument(wanted, version)));
    }

    private static Object argument(Class<?> wanted, int version) {
        if (wanted == int.class || wanted == Integer.class) {
            return version;
        } else if (wanted == PostgresServer.class) {
            return SharedServers.get(version);
        } else if (wanted == TestDatabase.class) {
            return SharedServers.get(version).createDatabase();
        }
        throw new IllegalStateException(
                "@PostgresVersions gives an int, a PostgresServer or a TestDatabase, not " + wanted);
    }
}
