package dev.howdah.benchmarks.vertx;

import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection after another, closed at once. */
final class Connects implements Workload {

    private final Vertx vertx;
    private final Target target;

    Connects(Vertx vertx, Target target) {
        this.vertx = vertx;
        this.target = target;
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws Exception {
        AtomicInteger connected = new AtomicInteger();
        VertxClient.get(next(count, connected));
        return Answer.of(connected);
    }

    private Future<Void> next(int count, AtomicInteger connected) {
        return VertxClient.connect(vertx, target)
                .compose(connection -> {
                    Workload.countBackend(connected, connection.processId());
                    return connection.close();
                })
                .compose(closed -> count > 1 ? next(count - 1, connected) : Future.succeededFuture());
    }

    @Override
    public void close() throws Exception {
        VertxClient.get(vertx.close());
    }
}
