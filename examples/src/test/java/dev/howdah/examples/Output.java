package dev.howdah.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What an example prints. */
final class Output {

    private Output() {}

    /** The main method of an example. */
    interface Example {
        void run(String[] args) throws Exception;
    }

    /** Runs an example with a connection string and returns the lines that it prints. */
    static List<String> of(Example example, String conninfo) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            example.run(new String[] {conninfo});
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
