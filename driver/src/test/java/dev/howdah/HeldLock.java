package dev.howdah;

import dev.howdah.testkit.Await;
import java.time.Duration;

/** An advisory lock that a connection of a test holds, so that what another one runs takes as long as the test likes. */
public final class HeldLock {

    /** Waits for the lock, and lets it go at once. */
    public static final String PASS = "select pg_advisory_lock(4711); select pg_advisory_unlock(4711)";

    private static final String WAITS = """
            select count(*) from pg_locks where locktype = 'advisory' and not granted and objid = 4711
            and database = (select oid from pg_database where datname = current_database())""";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PgConnection holder;

    private HeldLock(PgConnection holder) {
        this.holder = holder;
    }

    /** Takes it. */
    public static HeldLock by(PgConnection holder) {
        holder.query("select pg_advisory_lock(4711)");
        return new HeldLock(holder);
    }

    /** Waits until somebody waits for it. */
    public void awaitWaiter() {
        Await.until("somebody waits for the lock", PATIENCE, () -> holder.queryValue(WAITS, Long.class) == 1);
    }

    public void release() {
        holder.query("select pg_advisory_unlock(4711)");
    }
}
