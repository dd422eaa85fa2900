package dev.howdah.backup;

import dev.howdah.ConnectOptions;
import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.replication.PhysicalReplicationConnection;
import dev.howdah.replication.ReplicationCursor;
import dev.howdah.replication.ReplicationType;
import dev.howdah.replication.SlotOptions;
import dev.howdah.replication.SystemIdentity;
import dev.howdah.type.Lsn;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The log that is streamed while a backup is taken, over a connection of its own. It has a thread of its own from {@link #start} on;
 * its methods are for the thread that takes the backup.
 */
final class BackupLog {

    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(10);

    private final PhysicalReplicationConnection connection;
    private final ReplicationCursor cursor;
    private final int segmentSize;
    private final @Nullable String slot;
    private @Nullable WalReception reception;
    private @Nullable Thread thread;
    private volatile @Nullable Throwable failure;

    private BackupLog(
            PhysicalReplicationConnection connection,
            ReplicationCursor cursor,
            int segmentSize,
            @Nullable String slot) {
        this.connection = connection;
        this.cursor = cursor;
        this.segmentSize = segmentSize;
        this.slot = slot;
    }

    /**
     * Connects, and makes a slot, from where on the server keeps its log.
     *
     * @param options lead to the server that the backup is of
     * @param system which server that is
     */
    static BackupLog prepare(ConnectOptions options, BackupOptions how, SystemIdentity system) {
        PhysicalReplicationConnection connection = PhysicalReplicationConnection.connect(options);
        try {
            ReplicationCursor cursor = connection.cursor();
            SystemIdentity here = cursor.identifySystem();
            if (!here.systemId().equals(system.systemId())) {
                throw new BackupException(
                        Reason.OTHER_SYSTEM,
                        "the log would come from the system " + here.systemId() + " and the files from "
                                + system.systemId(),
                        null);
            }
            String slot = how.slot;
            if (slot == null && how.useSlot) {
                slot = "howdah_backup_" + connection.info().backendPid();
                cursor.createReplicationSlot(
                        slot,
                        ReplicationType.PHYSICAL,
                        null,
                        SlotOptions.DEFAULT.temporary(true).reserveWal(true));
            } else if (slot != null && how.createSlot) {
                cursor.createReplicationSlot(
                        slot, ReplicationType.PHYSICAL, null, SlotOptions.DEFAULT.reserveWal(true));
            }
            return new BackupLog(connection, cursor, cursor.walSegmentSize(), slot);
        } catch (RuntimeException | Error e) {
            connection.close();
            throw e;
        }
    }

    /** Begins to receive into a store. */
    void start(WalStore target, long timeline, Lsn from) {
        WalReception begun = new WalReception(
                cursor,
                segmentSize,
                target,
                new WalReception.Settings(slot, STATUS_INTERVAL, false, null),
                event -> {});
        reception = begun;
        thread = Thread.ofVirtual().name("howdah-backup-log").start(() -> {
            try {
                begun.run(timeline, from);
            } catch (RuntimeException | Error e) {
                failure = e;
            }
        });
    }

    /** Throws why it has failed, if it has. */
    void check() {
        if (failure instanceof Error error) {
            throw error;
        } else if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    /** Waits until all before the end of the backup has come. */
    void finish(Lsn end) {
        WalReception begun = Objects.requireNonNull(reception, "the log was not begun");
        begun.endAt(end);
        join();
        check();
        if (end.isAfter(begun.written())) {
            throw new BackupException(
                    Reason.WAL_MISSING, "the log ends at " + begun.written() + " and the backup at " + end, null);
        }
        connection.close();
    }

    private void join() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        try {
            running.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedWaitException(Delivery.COMPLETED, e);
        }
    }

    /** Gives it up; when this returns nothing of it writes any more. */
    void abandon() {
        if (reception != null) {
            reception.stop();
        }
        connection.close();
        Thread running = thread;
        boolean interrupted = false;
        while (running != null && running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
