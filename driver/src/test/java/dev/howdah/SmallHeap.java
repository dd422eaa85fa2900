package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Runs a program of the tests in a JVM of its own, with a small heap. */
public final class SmallHeap {

    private static final int USUAL = 64;

    private SmallHeap() {}

    /** Runs its main method to the end in a heap of 64 MiB, which has to be a good one; returns what it printed. */
    static String run(Class<?> program, String... arguments) throws IOException, InterruptedException {
        return run(USUAL, program, arguments);
    }

    /**
     * Runs its main method to the end, which has to be a good one.
     *
     * @param mebibytes of the heap
     * @return what it printed
     */
    public static String run(int mebibytes, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + mebibytes + "m",
                "-cp",
                Objects.requireNonNull(System.getProperty(
                        "surefire.test.class.path", Objects.requireNonNull(System.getProperty("java.class.path")))),
                program.getName()));
        command.addAll(List.of(arguments));
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(said).isZero();
        return said;
    }
}
