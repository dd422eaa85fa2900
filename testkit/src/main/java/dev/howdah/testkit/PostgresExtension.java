package dev.howdah.testkit;

import java.lang.reflect.Parameter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives test methods, constructors and {@code @BeforeEach}/{@code @BeforeAll} methods what they have as a parameter: the shared
 * {@link PostgresServer}, or a {@link TestDatabase} on it. A test method and its {@code @BeforeEach} methods get the same fresh database,
 * dropped after the test; constructors, {@code @BeforeAll} methods and {@link PerClass} parameters get one for the whole class. The version
 * is that of the nearest {@link PostgresVersion}, else {@link SharedServers#defaultVersion()}.
 */
public final class PostgresExtension implements ParameterResolver {

    private static final ExtensionContext.Namespace MINE = ExtensionContext.Namespace.create(PostgresExtension.class);

    /** Made by JUnit. */
    public PostgresExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        boolean givenByVersions = parameter.getIndex() == 0
                && parameter.getDeclaringExecutable().isAnnotationPresent(PostgresVersions.class);
        return !givenByVersions && (type == PostgresServer.class || type == TestDatabase.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        int version = version(parameter, context);
        if (parameter.getParameter().getType() == PostgresServer.class) {
            return SharedServers.get(version);
        }
        ExtensionContext owner = context;
        if (parameter.isAnnotated(PerClass.class)) {
            while (owner.getTestMethod().isPresent()) {
                owner = owner.getParent().orElseThrow();
            }
        }
        // JUnit closes what is in the store when the test, or the class, is over.
        return owner.getStore(MINE)
                .getOrComputeIfAbsent(
                        "database " + version + (parameter.isAnnotated(PerClass.class) ? " of the class" : ""),
                        key -> SharedServers.get(version).createDatabase(),
                        TestDatabase.class);
    }

    private static int version(ParameterContext context, ExtensionContext test) {
        Parameter parameter = context.getParameter();
        @Nullable PostgresVersion said = parameter.getAnnotation(PostgresVersion.class);
        if (said == null) {
            said = context.getDeclaringExecutable().getAnnotation(PostgresVersion.class);
        }
        if (said == null) {
            said = test.getTestMethod()
                    .map(method -> method.getAnnotation(PostgresVersion.class))
                    .orElse(null);
        }
        if (said == null) {
            said = test.getTestClass()
                    .map(type -> type.getAnnotation(PostgresVersion.class))
                    .orElse(null);
        }
        return said == null ? SharedServers.defaultVersion() : said.value();
    }
}
