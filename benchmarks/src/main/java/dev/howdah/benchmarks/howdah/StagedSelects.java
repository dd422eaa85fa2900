package dev.howdah.benchmarks.howdah;

import dev.howdah.AsyncConnection;
import dev.howdah.AsyncPreparedQuery;
import dev.howdah.ConnectOptions;
import dev.howdah.Howdah;
import dev.howdah.Row;
import dev.howdah.Rows;
import dev.howdah.benchmarks.Data;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.SelectTally;
import dev.howdah.benchmarks.Workload;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** One asynchronous connection; the next select is begun where the stage of the last one is completed. */
final class StagedSelects implements Workload {

    private final AsyncConnection connection;
    private final AsyncPreparedQuery select;
    private final int keys;

    StagedSelects(ConnectOptions options, int keys) {
        this.connection = Howdah.connectAsync(options).join();
        this.select = connection.prepare(Data.SELECT_ONE).join();
        this.keys = keys;
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) {
        Chain chain = new Chain(count, round, latencies);
        chain.next();
        return Answer.of(chain.end.join());
    }

    /** One select after another; what a stage does happens before what the next one does. */
    private final class Chain {
        private final int count;
        private final int round;
        private final Latencies latencies;
        private final SelectTally tally = new SelectTally();
        private final CompletableFuture<SelectTally> end = new CompletableFuture<>();
        private int done;
        private long before = System.nanoTime();

        Chain(int count, int round, Latencies latencies) {
            this.count = count;
            this.round = round;
            this.latencies = latencies;
        }

        void next() {
            CompletableFuture<Void> taken =
                    select.query(Data.key(done, 0, round, keys)).thenAccept(this::take);
            taken.exceptionally(failure -> {
                end.completeExceptionally(failure);
                return null;
            });
        }

        private void take(Rows rows) {
            Row row = rows.first();
            tally.add(row.getLong(0), Objects.requireNonNull(row.getString(1)));
            long after = System.nanoTime();
            latencies.set(done, after - before);
            before = after;
            done++;
            if (done == count) {
                end.complete(tally);
            } else {
                next();
            }
        }
    }

    @Override
    public void close() {
        connection.close().join();
    }
}
