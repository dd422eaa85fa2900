package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The house rules about size, for the Java files of every module. Files that say {@code // Generated} in their first
 * lines are exempt.
 */
class SourceRulesTest {
    private static final int MAX_LINES_OF_A_FILE = 500;
    private static final int MAX_LINES_OF_A_METHOD = 60;
    private static final int LINES_THAT_MAY_HOLD_THE_MARKER = 10;
    private static final String MARKER = "// Generated";

    /** Every Java file that is not generated, with its lines. */
    private static final Map<Path, List<String>> SOURCES = new TreeMap<>();

    @BeforeAll
    static void readSources() throws IOException {
        Path root = Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module :
                    modules.filter(m -> Files.exists(m.resolve("pom.xml"))).toList()) {
                readSources(module.resolve("src"));
            }
        }
    }

    private static void readSources(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
                if (lines.stream().limit(LINES_THAT_MAY_HOLD_THE_MARKER).noneMatch(l -> l.startsWith(MARKER))) {
                    SOURCES.put(file, lines);
                }
            }
        }
    }

    @Test
    void sourcesAreFound() {
        assertThat(SOURCES.keySet()).anyMatch(f -> f.endsWith("dev/howdah/SourceRulesTest.java"));
    }

    @Test
    void noFileIsLongerThan500Lines() {
        List<String> tooLong = SOURCES.entrySet().stream()
                .filter(e -> e.getValue().size() > MAX_LINES_OF_A_FILE)
                .map(e -> e.getKey() + ": " + e.getValue().size() + " lines")
                .toList();
        assertThat(tooLong).isEmpty();
    }

    @Test
    void noMethodIsLongerThan60Lines() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    files,
                    null,
                    List.of("-proc:none"),
                    null,
                    files.getJavaFileObjectsFromPaths(SOURCES.keySet()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            List<String> tooLong = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) {
                new LongMethods(unit, positions, tooLong).scan(unit, "");
            }
            assertThat(tooLong).isEmpty();
        }
    }

    /** Walks one file and notes the methods and constructors that are too long; the name of the class comes along. */
    private static final class LongMethods extends TreeScanner<Void, String> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> found;

        LongMethods(CompilationUnitTree unit, SourcePositions positions, List<String> found) {
            this.unit = unit;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public Void visitClass(ClassTree type, String outer) {
            return super.visitClass(type, type.getSimpleName().toString());
        }

        @Override
        public Void visitMethod(MethodTree method, String type) {
            long lines =
                    line(positions.getEndPosition(unit, method)) - line(positions.getStartPosition(unit, method)) + 1;
            if (lines > MAX_LINES_OF_A_METHOD) {
                found.add(unit.getSourceFile().getName() + ": " + type + "." + method.getName() + " has " + lines
                        + " lines");
            }
            return super.visitMethod(method, type);
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
    }
}
