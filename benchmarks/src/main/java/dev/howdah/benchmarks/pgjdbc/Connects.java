package dev.howdah.benchmarks.pgjdbc;

import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.PGConnection;

/** One connection after another, closed at once. */
final class Connects implements Workload {

    private final PgjdbcClient client;
    private final Target target;

    Connects(PgjdbcClient client, Target target) {
        this.client = client;
        this.target = target;
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws SQLException {
        AtomicInteger connected = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            try (Connection connection = client.connect(target)) {
                Workload.countBackend(
                        connected, connection.unwrap(PGConnection.class).getBackendPID());
            }
        }
        return Answer.of(connected);
    }

    @Override
    public void close() {
        // Nothing stays open.
    }
}
