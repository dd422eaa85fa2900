package dev.howdah.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One server of each version for all tests of a JVM: started when first asked for, stopped when the JVM ends. It has all defaults of
 * {@link PostgresServer.Builder}. Each test takes a database of its own from it, and leaves server-wide things as it found them; stopping
 * or crashing it is refused. Safe for several threads.
 */
public final class SharedServers {

    private static final Map<Integer, PostgresServer> STARTED = new ConcurrentHashMap<>();

    private SharedServers() {}

    /** The shared server of the default version: the system property {@code howdah.test.pg}, 18 without it. */
    public static PostgresServer get() {
        return get(defaultVersion());
    }

    /** The shared server of a major version. */
    public static PostgresServer get(int version) {
        return STARTED.computeIfAbsent(
                version,
                wanted -> PostgresServer.builder().version(wanted).shared().start());
    }

    /** The version that tests run on which do not ask for one: the system property {@code howdah.test.pg}, 18 without it. */
    public static int defaultVersion() {
        return Integer.getInteger("howdah.test.pg", PostgresServer.NEWEST);
    }

    /**
     * The versions that a test of all versions runs on: the system property {@code howdah.test.versions}, a list with commas, 14 to 18
     * without it.
     */
    public static List<Integer> versions() {
        List<Integer> versions = new ArrayList<>();
        for (String version :
                System.getProperty("howdah.test.versions", "14,15,16,17,18").split(",")) {
            versions.add(Integer.valueOf(version.strip()));
        }
        return versions;
    }
}
