package dev.howdah;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The house rules that the class files can prove. A package that does not exist yet breaks no rule. */
class ArchitectureTest {
    /** Bottom up: each package may import only those before it in this list. */
    private static final Set<String> ASKS_THE_NETWORK =
            Set.of("getByName", "getAllByName", "getLocalHost", "isReachable", "getHostName", "getCanonicalHostName");

    private static final List<String> LAYERS = List.of(
            "dev.howdah.error..",
            "dev.howdah.wire..",
            "dev.howdah.message..",
            "dev.howdah.type..",
            "dev.howdah.password..",
            "dev.howdah.auth..",
            "dev.howdah.session..",
            "dev.howdah.transport..",
            "dev.howdah.pump..",
            "dev.howdah.event..",
            "dev.howdah.copy..",
            "dev.howdah.largeobject..",
            "dev.howdah.sql..",
            "dev.howdah",
            "dev.howdah.replication..",
            "dev.howdah.backup..");

    /** Up to and with this layer there is no socket, thread, lock, clock or logger. */
    private static final String LAST_PURE_LAYER = "dev.howdah.session..";

    private static final String[] PURE_LAYERS =
            LAYERS.subList(0, LAYERS.indexOf(LAST_PURE_LAYER) + 1).toArray(String[]::new);

    private static final JavaClasses DRIVER =
            new ClassFileImporter().importPath(Path.of(System.getProperty("basedir", ""), "target", "classes"));

    @TestFactory
    Stream<DynamicTest> eachPackageImportsOnlyLayersBelowIt() {
        return IntStream.range(0, LAYERS.size() - 1).mapToObj(i -> {
            String[] above = LAYERS.subList(i + 1, LAYERS.size()).toArray(String[]::new);
            return dynamicTest(
                    LAYERS.get(i),
                    () -> check(noClasses()
                            .that()
                            .resideInAPackage(LAYERS.get(i))
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(above)));
        });
    }

    @Test
    void everyPackageHasItsPlaceInTheList() {
        check(classes().should().resideInAnyPackage(LAYERS.toArray(String[]::new)));
    }

    @Test
    void noPackageIsNamedUtilCommonOrInternal() {
        check(noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..commons..", "..internal.."));
    }

    @Test
    void noSocketDownToTheSession() {
        check(pure().should()
                .dependOnClassesThat(resideInAnyPackage("java.net..", "java.nio.channels..", "javax.net..")
                        .and(not(nameMatching("java\\.net\\.(Inet[46]?Address|UnknownHostException)")))));
        check(pure().should()
                .callMethodWhere(calls(
                        "a question about an address, which is a value here",
                        call -> call.getTargetOwner().getFullName().matches("java\\.net\\.Inet[46]?Address")
                                && ASKS_THE_NETWORK.contains(call.getName()))));
    }

    @Test
    void noThreadDownToTheSession() {
        check(pure().should()
                .dependOnClassesThat(assignableTo(Thread.class)
                        .or(nameMatching("java\\.lang\\.Thread(\\$.*)?"))
                        .or(assignableTo(Executor.class))
                        .or(assignableTo(ThreadFactory.class))
                        .or(assignableTo(Executors.class))));
        check(pure().should()
                .callMethodWhere(calls(
                        "CompletableFuture.*Async",
                        call -> call.getTargetOwner().isAssignableTo(CompletionStage.class)
                                && call.getName().endsWith("Async"))));
    }

    @Test
    void noLockDownToTheSession() {
        check(pure().should().dependOnClassesThat().resideInAPackage("java.util.concurrent.locks.."));
        check(pure().should()
                .callMethodWhere(calls(
                        "Object.wait or notify",
                        call -> call.getTargetOwner().isEquivalentTo(Object.class)
                                && List.of("wait", "notify", "notifyAll").contains(call.getName()))));
    }

    @Test
    void noClockDownToTheSession() {
        check(pure().should().dependOnClassesThat().areAssignableTo(Clock.class));
        check(pure().should()
                .callMethodWhere(calls(
                        "System.nanoTime or currentTimeMillis",
                        call -> call.getTargetOwner().isEquivalentTo(System.class)
                                && List.of("nanoTime", "currentTimeMillis").contains(call.getName()))));
        check(pure().should()
                .callMethodWhere(calls(
                        "now() of java.time",
                        call -> resideInAPackage("java.time..").test(call.getTargetOwner())
                                && call.getName().equals("now"))));
    }

    @Test
    void noLoggerDownToTheSession() {
        check(pure().should()
                .dependOnClassesThat(assignableTo(System.Logger.class).or(assignableTo(System.LoggerFinder.class))));
    }

    @Test
    void noThreadLocal() {
        check(noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class));
    }

    @Test
    void noSynchronizedMethod() {
        check(methods().should().notHaveModifier(JavaModifier.SYNCHRONIZED));
    }

    @Test
    void noJavaUtilLogging() {
        check(noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging.."));
    }

    private static GivenClassesConjunction pure() {
        return noClasses().that().resideInAnyPackage(PURE_LAYERS);
    }

    private static DescribedPredicate<JavaCall<?>> calls(String description, Predicate<JavaCall<?>> predicate) {
        return DescribedPredicate.describe(description, predicate);
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(DRIVER);
    }
}
