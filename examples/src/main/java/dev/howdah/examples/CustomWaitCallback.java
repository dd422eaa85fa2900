package dev.howdah.examples;

import dev.howdah.ConnectOptions;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.PollState;
import dev.howdah.Pollable;
import dev.howdah.WaitCallback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A wait callback of one's own: calls look as if they blocked, and this code does the waiting. */
public final class CustomWaitCallback {

    private CustomWaitCallback() {}

    // @start region=callback
    /** Waits with a selector, as {@link WaitCallback#select()} does; a scheduler would run something else here. */
    private static void waitSelect(Pollable connection) {
        try {
            for (PollState state = connection.poll(); state != PollState.OK; state = connection.poll()) {
                try (Selector selector = Selector.open()) {
                    connection.channel().register(selector, state.interestOps());
                    Duration limit = connection.nextDeadline();
                    selector.select(limit == null ? 0 : limit.toMillis() + 1);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
    // @end

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        String conninfo = args.length > 0 ? args[0] : "";
        // @start region=process
        Howdah.setWaitCallback(CustomWaitCallback::waitSelect);
        try (PgConnection db = Howdah.connect(conninfo)) {
            System.out.println("answer: " + db.queryValue("select 42", Integer.class));
        } finally {
            Howdah.setWaitCallback(null);
        }
        // @end
        AtomicInteger waits = new AtomicInteger();
        // @start region=connection
        ConnectOptions options = ConnectOptions.parse(conninfo).toBuilder()
                .waitCallback(connection -> {
                    waits.incrementAndGet();
                    WaitCallback.select().await(connection);
                })
                .build();
        try (PgConnection db = Howdah.connect(options)) {
            waits.set(0);
            db.query("select pg_sleep(0.1)");
            System.out.println("waited through the callback: " + (waits.get() > 0));
        }
        // @end
    }
}
