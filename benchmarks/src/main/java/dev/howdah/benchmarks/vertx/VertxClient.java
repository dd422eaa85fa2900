package dev.howdah.benchmarks.vertx;

import dev.howdah.benchmarks.Client;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import dev.howdah.benchmarks.WorkloadId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.SslMode;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * The reactive PostgreSQL client of Vert.x with prepared statements. Where one operation follows another, the next one is started from
 * the event loop in the handler of the last one's result: the cheapest way, for no other thread is woken.
 */
public final class VertxClient implements Client {

    @Override
    public String name() {
        return "Vert.x";
    }

    @Override
    public Set<WorkloadId> workloads() {
        return EnumSet.complementOf(EnumSet.of(
                WorkloadId.W6TI,
                WorkloadId.W6BI,
                WorkloadId.W6TO,
                WorkloadId.W6BO,
                WorkloadId.W6RI,
                WorkloadId.W6RO,
                WorkloadId.W8,
                WorkloadId.W8T,
                WorkloadId.W9,
                WorkloadId.W9R,
                WorkloadId.W9M,
                WorkloadId.W11,
                WorkloadId.W11T,
                WorkloadId.W12));
    }

    @Override
    public Workload open(WorkloadId workload, Target target) throws Exception {
        Vertx vertx = Vertx.vertx();
        return switch (workload) {
            case W1 -> new Selects(vertx, target, 1);
            case W2 -> new Selects(vertx, target, WorkloadId.LANES);
            case W3 -> new PipelinedSelects(vertx, target);
            case W4 -> new FetchAll(vertx, target);
            case W4C -> new FetchPages(vertx, target);
            case W5 -> new InsertRows(vertx, target);
            case W6TI, W6BI, W6TO, W6BO, W6RI, W6RO -> throw new IllegalArgumentException("Vert.x has no COPY");
            case W7 -> new Listening(vertx, target, false);
            case W7S -> new Listening(vertx, target, true);
            case W8, W8T -> throw new IllegalArgumentException("Vert.x has no replication");
            case W11, W11T, W12 -> throw new IllegalArgumentException("Vert.x has no backups");
            case W9, W9R, W9M -> throw new IllegalArgumentException("Vert.x has no large objects");
            case W10 -> new Connects(vertx, target);
        };
    }

    static Future<PgConnection> connect(Vertx vertx, Target target) {
        return PgConnection.connect(vertx, options(target));
    }

    static PgConnectOptions options(Target target) {
        return new PgConnectOptions()
                .setHost(target.host())
                .setPort(target.port())
                .setDatabase(target.database())
                .setUser(target.user())
                .setPassword(target.password())
                .setSslMode(SslMode.DISABLE)
                .setCachePreparedStatements(true);
    }

    /** Waits for it on this thread, which is no event loop. */
    static <T> T get(Future<T> future) throws InterruptedException, ExecutionException {
        return future.toCompletionStage().toCompletableFuture().get();
    }
}
