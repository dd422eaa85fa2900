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

    /** A server gives up whoever has not connected within its authentication_timeout: so the first must not wait for the last. */
    private static final int CONNECTING_AT_ONCE = 100;

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

    private PolledConnections(Selector selector) {
        this.selector = selector;
    }

    /** Makes so many connections, a hundred at a time. */
    static PolledConnections connect(String dsn, int count) {
        try {
            PolledConnections made = new PolledConnections(Selector.open());
            try {
                for (int i = 0; i < count; i++) {
                    One one = new One(Howdah.connectPolling(dsn));
                    made.all.add(one);
                    made.goOn(one);
                    made.await(CONNECTING_AT_ONCE - 1);
                }
                made.await(0);
            } catch (IOException | RuntimeException | Error e) {
                made.close();
                throw e;
            }
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a query on each, whose parameter is the number of the connection, on all at the same time. */
    void run(String sql) {
        try {
            for (int i = 0; i < all.size(); i++) {
                all.get(i).query = all.get(i).db.query(sql, i);
                goOn(all.get(i));
            }
            await(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until something is under way on so many of them at most. */
    private void await(int most) throws IOException {
        while (all.stream().filter(one -> one.db.isExecuting()).count() > most) {
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
