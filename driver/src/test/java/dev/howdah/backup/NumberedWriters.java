package dev.howdah.backup;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.error.PgException;
import dev.howdah.testkit.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writers that insert numbers without a gap, one commit after the other, and remember the last that the server has acknowledged. They wait
 * for a server that is gone.
 */
final class NumberedWriters implements AutoCloseable {

    static final String TABLE = "create table written (writer int, n bigint, filler text, primary key (writer, n))";

    private static final int WRITERS = 4;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicReference<@Nullable String> dsn = new AtomicReference<>();
    private final List<Writer> writers = new ArrayList<>();
    private volatile boolean stopped;

    /** Begins to write to a server. */
    NumberedWriters(PostgresServer server) {
        to(server);
        for (int i = 0; i < WRITERS; i++) {
            Writer writer = new Writer(i);
            writers.add(writer);
            writer.thread = Thread.ofVirtual().start(writer);
        }
    }

    /** Has them write to a server from now on. */
    void to(PostgresServer server) {
        dsn.set(server.dsn("postgres") + " connect_timeout=10");
    }

    /** Has them wait. */
    void rest() {
        dsn.set(null);
    }

    /** Returns how many commits were acknowledged in all. */
    long acknowledged() {
        return writers.stream().mapToLong(writer -> writer.acknowledged.get()).sum();
    }

    /** Returns the last number of each writer that was acknowledged. */
    List<Long> numbers() {
        return writers.stream().map(writer -> writer.acknowledged.get()).toList();
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        for (Writer writer : writers) {
            Thread thread = writer.thread;
            if (thread != null) {
                thread.join();
            }
        }
    }

    private final class Writer implements Runnable {
        private final int id;
        private final AtomicLong acknowledged = new AtomicLong();
        private @Nullable Thread thread;

        Writer(int id) {
            this.id = id;
        }

        @Override
        public void run() {
            while (!stopped) {
                String to = dsn.get();
                if (to == null) {
                    LockSupport.parkNanos(PAUSE);
                    continue;
                }
                try (PgConnection db = Howdah.connect(to)) {
                    // What was not acknowledged may have been committed all the same.
                    Long last = db.queryValue("select max(n) from written where writer = $1", Long.class, id);
                    long n = Math.max(last == null ? 0 : last, acknowledged.get());
                    while (!stopped && to.equals(dsn.get())) {
                        db.query("insert into written values ($1, $2, repeat('x', 500))", id, ++n);
                        acknowledged.set(n);
                    }
                } catch (PgException e) {
                    // The server is gone; there will be one again.
                    LockSupport.parkNanos(PAUSE);
                }
            }
        }
    }
}
