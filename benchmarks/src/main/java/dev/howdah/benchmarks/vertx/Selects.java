package dev.howdah.benchmarks.vertx;

import dev.howdah.benchmarks.Data;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.SelectTally;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** One or more connections, on each one select after another. */
final class Selects implements Workload {

    private final Vertx vertx;
    private final List<PreparedQuery<RowSet<Row>>> lanes = new ArrayList<>();
    private final int keys;

    Selects(Vertx vertx, Target target, int connections) throws Exception {
        this.vertx = vertx;
        this.keys = target.keys();
        for (int i = 0; i < connections; i++) {
            PgConnection connection = VertxClient.get(VertxClient.connect(vertx, target));
            lanes.add(VertxClient.get(connection.prepare(Data.SELECT_ONE)).query());
        }
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws Exception {
        int each = count / lanes.size();
        List<Future<SelectTally>> futures = new ArrayList<>();
        for (int i = 0; i < lanes.size(); i++) {
            Chain chain = new Chain(lanes.get(i), each, i, round, latencies);
            chain.next();
            futures.add(chain.done.future());
        }
        SelectTally tally = new SelectTally();
        for (Future<SelectTally> future : futures) {
            tally.add(VertxClient.get(future));
        }
        return Answer.of(tally);
    }

    /** Asks, and when the answer is there asks again. */
    private final class Chain {
        private final PreparedQuery<RowSet<Row>> query;
        private final int count;
        private final int lane;
        private final int round;
        private final Latencies latencies;
        private final SelectTally tally = new SelectTally();
        private final Promise<SelectTally> done = Promise.promise();
        private int i;
        private long before = System.nanoTime();

        Chain(PreparedQuery<RowSet<Row>> query, int count, int lane, int round, Latencies latencies) {
            this.query = query;
            this.count = count;
            this.lane = lane;
            this.round = round;
            this.latencies = latencies;
        }

        void next() {
            query.execute(Tuple.of(Data.key(i, lane, round, keys)))
                    .onSuccess(this::take)
                    .onFailure(done::tryFail);
        }

        private void take(RowSet<Row> rows) {
            for (Row row : rows) {
                tally.add(row.getLong(0), row.getString(1));
            }
            long after = System.nanoTime();
            latencies.set(lane * count + i, after - before);
            before = after;
            if (++i < count) {
                next();
            } else {
                done.complete(tally);
            }
        }
    }

    @Override
    public void close() throws Exception {
        VertxClient.get(vertx.close());
    }
}
