package dev.howdah.backup;

import dev.howdah.ConnectOptions;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.pump.PassingFailures;
import dev.howdah.replication.ReplicationCursor;
import dev.howdah.replication.ReplicationType;
import dev.howdah.replication.SlotOptions;
import dev.howdah.replication.SlotPosition;
import dev.howdah.replication.SystemIdentity;
import dev.howdah.session.ReplicationGrammar;
import dev.howdah.type.Lsn;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds out where to begin to receive from a server, after looking whether it has what the folder needs. For one thread. */
final class WalBeginning {

    private final ConnectOptions options;
    private final WalReceiverOptions settings;
    private final WalFolder folder;
    private final ReplicationCursor cursor;

    WalBeginning(ConnectOptions options, WalReceiverOptions settings, WalFolder folder, ReplicationCursor cursor) {
        this.options = options;
        this.settings = settings;
        this.folder = folder;
        this.cursor = cursor;
    }

    /**
     * Asks the server, and makes the slot if that is wanted.
     *
     * @return the segment to begin with
     * @throws BackupException if the folder is of another server, or of a timeline that this one was never on
     * @throws ServerException that passes, if the server's log does not reach there yet
     */
    WalSegment find() {
        SystemIdentity identity = cursor.identifySystem();
        int size = cursor.walSegmentSize();
        requireOwn(identity, size);
        makeSlot();
        Timelines timelines = Timelines.of(
                identity.timeline(), identity.timeline() == 1 ? null : cursor.timelineHistory(identity.timeline()));
        WalSegment resumed = folder.resumesAt();
        WalSegment next = resumed == null ? first(identity, timelines, size) : onHistory(resumed, identity, timelines);
        if (next.timeline() == identity.timeline() && next.start().isAfter(identity.position())) {
            throw ServerException.inPlace(
                    SqlState.CANNOT_CONNECT_NOW,
                    "the log of the server ends at " + identity.position() + ", before " + next.start()
                            + ", where it is to go on: the server is behind another one that was received from",
                    Delivery.COMPLETED);
        }
        return next;
    }

    private void requireOwn(SystemIdentity identity, int size) {
        String known = folder.systemId();
        if (known != null && (!known.equals(identity.systemId()) || folder.segmentSize() != size)) {
            throw new BackupException(
                    Reason.OTHER_SYSTEM,
                    "the folder " + folder.path() + " has the log of another server, of the system identifier " + known
                            + " and segments of " + folder.segmentSize() + " bytes; this one is "
                            + identity.systemId() + " with " + size + ". Take another folder, or connect elsewhere",
                    null);
        }
    }

    private void makeSlot() {
        if (settings.createSlot) {
            try {
                cursor.createReplicationSlot(
                        Objects.requireNonNull(settings.slot),
                        ReplicationType.PHYSICAL,
                        null,
                        SlotOptions.DEFAULT.reserveWal(true));
            } catch (ServerException e) {
                if (!SqlState.DUPLICATE_OBJECT.equals(e.sqlState())) {
                    throw e;
                }
            }
        }
    }

    /** Returns the segment to go on with, on a timeline that was left before that on the next one. */
    private WalSegment onHistory(WalSegment resumed, SystemIdentity identity, Timelines timelines) {
        WalSegment next = resumed;
        while (true) {
            if (!timelines.has(next.timeline())) {
                throw new BackupException(
                        Reason.OTHER_HISTORY,
                        "the folder " + folder.path() + " has log of the timeline " + next.timeline()
                                + ", and the server is on the timeline " + identity.timeline()
                                + ", which does not come from that one. Take another folder, or connect to the"
                                + " server that was promoted last",
                        null);
            }
            Lsn end = timelines.end(next.timeline());
            if (next.start().compareTo(end) <= 0) {
                return next;
            }
            next = WalSegment.at(timelines.after(next.timeline()), end, next.size());
        }
    }

    private WalSegment first(SystemIdentity identity, Timelines timelines, int size) {
        Lsn start = settings.startLsn;
        if (start == null && settings.slot != null) {
            if (cursor.connection().info().serverVersion() >= ReplicationGrammar.V15) {
                SlotPosition position = cursor.readReplicationSlot(settings.slot);
                if (position != null && !position.restartLsn().isZero() && position.restartTimeline() != 0) {
                    return WalSegment.at(position.restartTimeline(), position.restartLsn(), size);
                }
            } else {
                start = askedInSql(settings.slot);
            }
        }
        return start == null
                ? WalSegment.at(identity.timeline(), identity.position(), size)
                : WalSegment.at(timelines.at(start), start, size);
    }

    private @Nullable Lsn askedInSql(String slot) {
        ConnectOptions ordinary =
                options.toBuilder().option("replication", "false").build();
        try (PgConnection db = Howdah.connect(ordinary)) {
            return db
                    .query("select restart_lsn::text from pg_catalog.pg_replication_slots where slot_name = $1", slot)
                    .stream()
                    .map(row -> row.getString(0))
                    .filter(Objects::nonNull)
                    .map(Lsn::parse)
                    .findFirst()
                    .orElse(null);
        } catch (PgException e) {
            if (PassingFailures.isPassing(e)) {
                throw e;
            }
            throw new BackupException(
                    Reason.WAL_MISSING,
                    "where the slot " + slot + " stands is not known: a server before PostgreSQL 15 tells only in SQL,"
                            + " and that failed. Give startLsn, or a database to which the role can connect: "
                            + e.getMessage(),
                    e);
        }
    }
}
