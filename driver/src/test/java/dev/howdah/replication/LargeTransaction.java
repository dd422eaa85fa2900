package dev.howdah.replication;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.replication.Change.Insert;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** A program of its own: follows one transaction of many rows, each looked at, in whatever heap it was given. */
final class LargeTransaction {

    private static final Duration LOOK = Duration.ofMillis(50);
    private static final long SPOOL_MEMORY = 1 << 20;

    private LargeTransaction() {}

    /**
     * Runs it.
     *
     * @param arguments where to connect to, the slot, how many rows, and whether they come while the transaction runs
     */
    public static void main(String[] arguments) throws InterruptedException {
        String dsn = arguments[0];
        int rows = Integer.parseInt(arguments[2]);
        boolean streaming = Boolean.parseBoolean(arguments[3]);
        try (PgConnection db = Howdah.connect(dsn);
                PgConnection made =
                        Howdah.connect(dsn + " replication=database options='-c logical_decoding_work_mem=64kB'");
                TransactionStream stream = TransactionStream.open(
                        made.cursor(ReplicationCursor::new),
                        TransactionStreamOptions.slot(arguments[1])
                                .publications("p")
                                .streaming(streaming)
                                .spoolMemory(SPOOL_MEMORY))) {
            long spooled = change(db, stream, rows, streaming);
            ReplicatedTransaction large = Objects.requireNonNull(stream.next(), "the transaction");
            long count = 0;
            long ids = 0;
            long amounts = 0;
            for (Change change : large) {
                if (change instanceof Insert insert) {
                    count++;
                    ids += insert.newRow().getInt(0);
                    amounts += insert.newRow().getLong(1);
                }
            }
            large.acknowledge();
            Row wanted = db.queryOne("select count(*), sum(id)::bigint, sum(amount)::bigint from big");
            require(count == wanted.getLong(0), count + " rows");
            require(ids == wanted.getLong(1) && amounts == wanted.getLong(2), "sums");
            require(stream.spooledBytes() == 0, "left on disk");
            System.out.println("the same " + count + " rows, " + spooled + " bytes of disk");
        }
    }

    /**
     * Changes the table {@code big (id int, amount bigint)}; where the changes come while the transaction runs it is committed when some
     * are on disk. Returns how much was.
     */
    private static long change(PgConnection db, TransactionStream stream, int rows, boolean streaming)
            throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        String insert = "insert into big select i, i::bigint * 7919 % 1000003 from generate_series(1, " + rows + ") i";
        db.script("begin");
        Thread writer = Thread.ofVirtual()
                .uncaughtExceptionHandler((thread, thrown) -> failure.set(thrown))
                .start(() -> db.script(insert));
        while (streaming && (writer.isAlive() || stream.spooledBytes() == 0) && failure.get() == null) {
            require(stream.next(LOOK) == null, "a transaction that has not ended");
        }
        writer.join();
        require(failure.get() == null, "not written: " + failure.get());
        long spooled = stream.spooledBytes();
        db.script("commit");
        return spooled;
    }

    private static void require(boolean right, String what) {
        if (!right) {
            throw new IllegalStateException("not as it should be: " + what);
        }
    }
}
