package dev.howdah.benchmarks;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Settings of the server that keep its own chores out of the measured sections. */
final class ServerTuning {

    static final Map<String, String> SETTINGS = new TreeMap<>(Map.of(
            "shared_buffers", "512MB",
            "max_wal_size", "8GB",
            "checkpoint_timeout", "1h",
            "autovacuum", "off",
            "max_connections", "200"));

    private ServerTuning() {}

    static String words() {
        return "fsync=off "
                + SETTINGS.entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .collect(Collectors.joining(" "));
    }
}
