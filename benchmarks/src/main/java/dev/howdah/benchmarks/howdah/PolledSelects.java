package dev.howdah.benchmarks.howdah;

import dev.howdah.ConnectOptions;
import dev.howdah.Howdah;
import dev.howdah.PollState;
import dev.howdah.Polled;
import dev.howdah.PollingConnection;
import dev.howdah.PreparedQuery;
import dev.howdah.Row;
import dev.howdah.Rows;
import dev.howdah.WaitCallback;
import dev.howdah.benchmarks.Data;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.SelectTally;
import dev.howdah.benchmarks.Workload;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Objects;

/** One connection that a loop over a selector polls, one select after another. */
final class PolledSelects implements Workload {

    private final PollingConnection connection;
    private final PreparedQuery select;
    private final Selector selector;
    private final SelectionKey key;
    private final int keys;

    PolledSelects(ConnectOptions options, int keys) throws IOException {
        this.connection = Howdah.connectPolling(options);
        WaitCallback.select().await(connection);
        Polled<PreparedQuery> prepared = connection.call(db -> db.prepare(Data.SELECT_ONE));
        WaitCallback.select().await(connection);
        this.select = prepared.result();
        this.selector = Selector.open();
        this.key = connection.channel().register(selector, 0);
        this.keys = keys;
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws IOException {
        SelectTally tally = new SelectTally();
        long before = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long wanted = Data.key(i, 0, round, keys);
            Polled<Rows> rows = connection.call(db -> select.query(wanted));
            for (PollState state = connection.poll(); state != PollState.OK; state = connection.poll()) {
                key.interestOps(state.interestOps());
                selector.select();
                selector.selectedKeys().clear();
            }
            Row row = rows.result().first();
            tally.add(row.getLong(0), Objects.requireNonNull(row.getString(1)));
            long after = System.nanoTime();
            latencies.set(i, after - before);
            before = after;
        }
        return Answer.of(tally);
    }

    @Override
    public void close() throws IOException {
        connection.close();
        selector.close();
    }
}
