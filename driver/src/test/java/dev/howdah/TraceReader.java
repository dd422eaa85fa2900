package dev.howdah;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads from a connection's trace which messages have travelled since it was asked last. For one thread. */
final class TraceReader {

    private final Path file;
    private int seen;

    TraceReader(Path file) {
        this.file = file;
    }

    /** The names of the messages, in order, as in {@code F Bind} and {@code B DataRow}. */
    List<String> news() {
        try {
            List<String> lines = Files.readAllLines(file);
            List<String> fresh = lines.subList(seen, lines.size());
            seen = lines.size();
            return fresh.stream()
                    .map(line -> line.split("\t"))
                    .map(fields -> fields[1] + " " + fields[3])
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the trace cannot be read", e);
        }
    }

    /** How often the server was waited for: a round trip ends with ReadyForQuery. */
    static long roundTrips(List<String> messages) {
        return messages.stream().filter("B ReadyForQuery"::equals).count();
    }
}
