package dev.howdah.replication;

import dev.howdah.ConnectOptions;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.error.CopyFailedException;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.sql.Literal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Gives a sink the rows that tables have at the place in the log where a slot begins, and makes the slot when the sink has them all.
 *
 * <p>The snapshot is exported by a temporary slot, whose connection says nothing until the end: whatever it did would end the
 * snapshot. The slot that lasts is made as a copy of that one at last. So an attempt that fails leaves nothing behind.
 *
 * @see <a href="https://www.postgresql.org/docs/current/logicaldecoding-explanation.html#LOGICALDECODING-EXPLANATION-EXPORTED-SNAPSHOTS">Exported
 *     snapshots</a>
 */
final class InitialSnapshot {

    private static final Logger LOG = System.getLogger(InitialSnapshot.class.getName());
    private static final int LONGEST_NAME = 63;

    private final ConnectOptions options;
    private final FollowerOptions settings;
    private final GuardedSink sink;
    /** What went wrong first; the others give up then. */
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    InitialSnapshot(ConnectOptions options, FollowerOptions settings, GuardedSink sink) {
        this.options = options;
        this.settings = settings;
        this.sink = sink;
    }

    /**
     * Fills the sink and makes the slot.
     *
     * @param db an ordinary connection, whose types come to know those of the tables
     */
    void take(PgConnection db) {
        List<PublishedTable> tables = PublishedTable.of(db, settings.publications);
        for (PublishedTable table : tables) {
            // The types of its columns are looked up for that.
            db.query(table.query() + " limit 0");
        }
        try (LogicalReplicationConnection exporter = LogicalReplicationConnection.connect(options)) {
            ReplicationCursor cursor = exporter.cursor();
            SystemIdentity server = cursor.identifySystem();
            String temporary = temporaryName();
            ReplicationSlot slot = cursor.createReplicationSlot(
                    temporary,
                    ReplicationType.LOGICAL,
                    OutputPlugin.PGOUTPUT.pluginName(),
                    SlotOptions.DEFAULT.temporary(true).snapshot(SlotOptions.Snapshot.EXPORT));
            sink.snapshotBegins();
            sink.event(new FollowerEvent.SnapshotBegun(tables.size(), slot.consistentPoint()));
            long rows = read(tables, Objects.requireNonNull(slot.snapshotName(), "the server exported no snapshot"));
            sink.snapshotEnds(
                    new ResumeToken(server.systemId(), server.timeline(), settings.slot, slot.consistentPoint()));
            db.query("select pg_catalog.pg_copy_logical_replication_slot($1, $2, false)", temporary, settings.slot);
            sink.event(new FollowerEvent.SnapshotEnded(rows));
        }
    }

    private String temporaryName() {
        String random = "_" + UUID.randomUUID().toString().substring(0, 8);
        String begin = settings.slot.substring(0, Math.min(settings.slot.length(), LONGEST_NAME - random.length()));
        return begin + random;
    }

    private long read(List<PublishedTable> tables, String snapshot) {
        Queue<PublishedTable> left = new ConcurrentLinkedQueue<>(tables);
        List<PgConnection> readers = new ArrayList<>();
        try {
            for (int i = 0; i < Math.max(1, Math.min(settings.readers, tables.size())); i++) {
                readers.add(reader(snapshot, i == 0 ? tables : List.of()));
            }
            List<Reading> readings = new ArrayList<>();
            for (PgConnection reader : readers) {
                Reading reading = new Reading(reader, left);
                reading.thread.start();
                readings.add(reading);
            }
            awaitAll(readings);
            rethrow();
            return readings.stream().mapToLong(reading -> reading.rows).sum();
        } finally {
            readers.forEach(InitialSnapshot::close);
        }
    }

    /** Waits until all have ended; an interrupt ends them. */
    private void awaitAll(List<Reading> readings) {
        boolean interrupted = false;
        for (int i = 0; i < readings.size(); ) {
            try {
                readings.get(i).thread.join();
                i++;
            } catch (InterruptedException e) {
                interrupted = true;
                failure.compareAndSet(null, new InterruptedWaitException(Delivery.COMPLETED, e));
                readings.forEach(reading -> reading.thread.interrupt());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(PgConnection reader) {
        try {
            reader.close();
        } catch (PgException e) {
            LOG.log(Level.DEBUG, "a connection that has read a snapshot could not be closed", e);
        }
    }

    /** Returns a connection that sees the snapshot; rows that the role may not see are an error rather than missing. */
    private PgConnection reader(String snapshot, List<PublishedTable> locked) {
        PgConnection reader = Howdah.connect(options);
        try {
            reader.execute("set row_security = off");
            reader.execute("begin isolation level repeatable read read only");
            reader.execute("set transaction snapshot " + Literal.quoted(snapshot));
            for (PublishedTable table : locked) {
                reader.execute("lock table " + table.name() + " in access share mode");
            }
            return reader;
        } catch (RuntimeException | Error e) {
            close(reader);
            throw e;
        }
    }

    private void rethrow() {
        Throwable first = failure.get();
        if (first instanceof Error error) {
            throw error;
        } else if (first instanceof RuntimeException exception) {
            throw exception;
        }
    }

    /** Reads table after table, on a thread of its own. */
    private final class Reading {
        private final PgConnection reader;
        private final Queue<PublishedTable> left;
        private final Thread thread;
        private long rows;

        Reading(PgConnection reader, Queue<PublishedTable> left) {
            this.reader = reader;
            this.left = left;
            this.thread = Thread.ofVirtual().name("howdah-snapshot").unstarted(this::run);
        }

        private void run() {
            try {
                for (PublishedTable table = left.poll(); table != null && failure.get() == null; table = left.poll()) {
                    read(table);
                }
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            }
        }

        private void read(PublishedTable table) {
            CopiedRows copied = table.rows(row -> {
                if (failure.get() != null) {
                    throw new IllegalStateException("another reader has failed");
                }
                sink.snapshotRow(row);
            });
            try {
                reader.copyOut("copy (" + table.query() + ") to stdout (format binary)", copied);
            } catch (CopyFailedException e) {
                RuntimeException thrown = copied.failure();
                throw thrown == null ? e : thrown;
            }
            rows += copied.rows();
            sink.event(new FollowerEvent.TableCopied(table.relation(), copied.rows(), copied.bytes()));
        }
    }
}
