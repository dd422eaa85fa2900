package dev.howdah.replication;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.error.PgException;
import dev.howdah.testkit.SeededRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Changes the tables of {@link StoringSink} in small transactions, some of which are rolled back, whatever becomes of the server. */
final class BusyWriter implements AutoCloseable {

    private static final long PACE = TimeUnit.MILLISECONDS.toNanos(2);

    private final Supplier<String> dsn;
    private final SeededRandom random;
    private final AtomicLong written = new AtomicLong();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread;
    private @Nullable PgConnection db;

    BusyWriter(Supplier<String> dsn, long seed) {
        this.dsn = dsn;
        this.random = new SeededRandom(seed);
        this.thread = Thread.startVirtualThread(this::run);
    }

    /** Returns how many transactions it has committed. */
    long written() {
        return written.get();
    }

    private void run() {
        while (!stopped.get()) {
            try {
                PgConnection to = db;
                if (to == null) {
                    to = Howdah.connect(dsn.get() + " connect_timeout=10");
                    db = to;
                }
                write(to);
                written.incrementAndGet();
            } catch (PgException e) {
                // The server is gone for a while, or another writer was in the way.
                PgConnection lost = db;
                if (lost != null && !lost.isOpen()) {
                    lost.close();
                    db = null;
                }
            }
            LockSupport.parkNanos(PACE);
        }
        if (db != null) {
            db.close();
        }
    }

    private void write(PgConnection to) {
        to.execute("begin");
        try {
            int changes = random.nextInt(1, 5);
            for (int i = 0; i < changes; i++) {
                int id = random.nextInt(50);
                switch (random.nextInt(4)) {
                    case 0 -> to.query("update state set n = n + 1 where id = $1", id);
                    case 1 -> to.query("delete from state where id = $1", id);
                    case 2 -> to.query("insert into state values ($1, 1) on conflict do nothing", id);
                    default ->
                        to.query(
                                "insert into log select nextval('log_ids'), repeat('note ', $1) from generate_series(1, $2)",
                                random.nextInt(20),
                                random.nextInt(1, 30));
                }
            }
            to.execute(random.nextInt(10) == 0 ? "rollback" : "commit");
        } catch (PgException e) {
            if (to.isOpen()) {
                to.execute("rollback");
            }
            throw e;
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopped.set(true);
        thread.join();
    }
}
