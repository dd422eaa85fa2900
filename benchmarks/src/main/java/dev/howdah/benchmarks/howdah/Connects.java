package dev.howdah.benchmarks.howdah;

import dev.howdah.ConnectOptions;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.Workload;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection after another, closed at once. */
final class Connects implements Workload {

    private final ConnectOptions options;

    Connects(ConnectOptions options) {
        this.options = options;
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) {
        AtomicInteger connected = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            try (PgConnection connection = Howdah.connect(options)) {
                Workload.countBackend(connected, connection.info().backendPid());
            }
        }
        return Answer.of(connected);
    }

    @Override
    public void close() {
        // Nothing stays open.
    }
}
