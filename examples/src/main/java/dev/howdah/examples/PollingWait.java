package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PollState;
import dev.howdah.Pollable;
import dev.howdah.Polled;
import dev.howdah.PollingConnection;
import dev.howdah.PollingCursor;
import dev.howdah.Row;
import dev.howdah.Rows;
import dev.howdah.Transaction;
import dev.howdah.error.DataException;
import java.io.IOException;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Connecting and querying without blocking: the program waits, for what {@code poll()} says. */
public final class PollingWait {

    private PollingWait() {}

    // @start region=wait
    /** Waits until nothing is under way. */
    private static void await(Pollable connection) throws IOException {
        while (true) {
            PollState state = connection.poll();
            if (state == PollState.OK) {
                return;
            }
            try (Selector selector = Selector.open()) {
                connection.channel().register(selector, state.interestOps());
                Duration limit = connection.nextDeadline();
                selector.select(limit == null ? 0 : limit.toMillis() + 1); // 0 is for ever
            }
        }
    }
    // @end

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) throws IOException {
        String conninfo = args.length > 0 ? args[0] : "";
        // @start region=use
        try (PollingConnection db = Howdah.connectPolling(conninfo)) {
            await(db);
            PollingCursor cursor = db.cursor();
            cursor.execute("select pg_sleep(0.1); select 42 as answer");
            System.out.println("executing: " + db.isExecuting());
            await(cursor.connection());
            Row row = Objects.requireNonNull(cursor.fetchOne());
            System.out.println("answer: " + row.getInt("answer"));
        }
        // @end
        try (PollingConnection db = Howdah.connectPolling(conninfo)) {
            await(db);
            // @start region=failure
            Polled<Rows> query = db.query("select 1 / $1::int", 0);
            try {
                await(db);
            } catch (DataException e) {
                System.out.println("failed: " + e.sqlState());
            }
            System.out.println("done: " + query.isDone() + ", usable: " + db.isOpen());
            // @end
            // @start region=call
            Polled<Integer> sum = db.call(blocking -> {
                try (Transaction tx = blocking.begin()) {
                    blocking.execute("create temp table item (price int)");
                    blocking.executeMany("insert into item values ($1)", List.of(List.of(3), List.of(4)));
                    int total = blocking.queryOne("select sum(price)::int from item")
                            .getInt(0);
                    tx.commit();
                    return total;
                }
            });
            await(db);
            System.out.println("sum: " + sum.result());
            // @end
        }
    }
}
