package dev.howdah;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An environment that a test makes up; nothing of the machine is in it. */
final class TestEnvironment {
    final Map<String, String> variables = new TreeMap<>();
    final List<String> warnings = new ArrayList<>();
    final List<Path> socketFolders = new ArrayList<>();
    final List<Path> systemFolders = new ArrayList<>();
    String osUser = "me";
    Path home = Path.of("/no/such/home");
    boolean windows;

    /** An environment with nothing in it but the user {@code me}. */
    static PgEnvironment empty() {
        return new TestEnvironment().build();
    }

    TestEnvironment with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    PgEnvironment build() {
        return new PgEnvironment(variables, osUser, home, windows, socketFolders, systemFolders, warnings::add);
    }

    ConnectOptions parse(String text) {
        return ConnectOptions.parse(text, build());
    }
}
