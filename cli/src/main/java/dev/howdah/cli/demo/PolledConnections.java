package dev.howdah.cli.demo;

import dev.howdah.Howdah;
import dev.howdah.PollState;
import dev.howdah.Polled;
import dev.howdah.PollingConnection;
import dev.howdah.Rows;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Polling connections that one thread waits for, in one selector. */
final class PolledConnections implements AutoCloseable {

    /** A timeout is noticed that late at most. */
    private static final long PAUSE_MILLIS = 100;

    private final Selector selector;
    private final List<One> all = new ArrayList<>();

    /** A connection, what it runs, and where it is waited for. */
    private static final class One {
        private final PollingConnection db;
        private @Nullable Polled<Rows> query;
        private @Nullable SelectionKey key;

        One(PollingConnection db) {
            this.db = db;
        }
    }

    /** Begins to connect so many. */
    PolledConnections(String dsn, int count) {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int i = 0; i < count; i++) {
            all.add(new One(Howdah.connectPolling(dsn)));
        }
    }

    /** Begins a query on each, whose parameter is the number of the connection. */
    void begin(String sql) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).query = all.get(i).db.query(sql, i);
        }
    }

    /** Waits until nothing is under way on any of them. */
    void await() {
        try {
            for (One one : all) {
                goOn(one);
            }
            while (all.stream().anyMatch(one -> one.db.isExecuting())) {
                selector.select(PAUSE_MILLIS);
                if (Thread.interrupted()) {
                    throw new InterruptedWaitException(Delivery.UNKNOWN, null);
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    goOn((One) key.attachment());
                }
                selector.selectedKeys().clear();
                for (One one : all) {
                    if (isLate(one)) {
                        goOn(one);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isLate(One one) {
        Duration deadline = one.db.nextDeadline();
        return one.db.isExecuting() && deadline != null && deadline.isZero();
    }

    private void goOn(One one) throws IOException {
        PollState state = one.db.poll();
        SelectionKey key = one.key;
        if (key != null && key.channel() != one.db.channel()) {
            key.cancel();
        }
        one.key = one.db.channel().register(selector, state.interestOps(), one);
    }

    /** The sum of what the queries yielded. */
    long sum() {
        long sum = 0;
        for (One one : all) {
            Polled<Rows> query = one.query;
            if (query != null) {
                sum += query.result().one().getInt(0);
            }
        }
        return sum;
    }

    /** Closes all of them. */
    @Override
    public void close() {
        all.forEach(one -> one.db.close());
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
