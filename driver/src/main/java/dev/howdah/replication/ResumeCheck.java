package dev.howdah.replication;

import dev.howdah.PgConnection;
import dev.howdah.error.ReplicationException;
import dev.howdah.error.ReplicationException.Reason;
import dev.howdah.type.Lsn;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sees to it that a stream which begins where a sink stands misses nothing. */
final class ResumeCheck {

    private ResumeCheck() {}

    /**
     * Looks whether the slot still has all that comes behind a token.
     *
     * @param server what the server to stream from says of itself
     * @throws ReplicationException if it has not, or the slot cannot be used
     */
    static void check(
            ReplicationCursor cursor, SystemIdentity server, TransactionStreamOptions options, ResumeToken token) {
        if (!token.systemId().equals(server.systemId())) {
            throw refused(
                    Reason.OTHER_SYSTEM,
                    "the sink has stored changes of the system " + token.systemId()
                            + ", but the server is of the system " + server.systemId());
        } else if (!token.slot().equals(options.slot)) {
            throw refused(
                    Reason.SLOT_UNFIT,
                    "the sink has stored changes of the slot '" + token.slot() + "', but the stream is of the slot '"
                            + options.slot + "'");
        }
        Lsn end = shared(cursor, server, token.timeline());
        if (token.lsn().isAfter(end)) {
            throw refused(
                    Reason.SERVER_BEHIND,
                    "the sink has stored changes up to " + token.lsn() + " of timeline " + token.timeline()
                            + ", but the server, on timeline " + server.timeline() + ", shares its log up to " + end
                            + " only: the sink has what this server never had or has lost");
        }
        SlotState slot = usable(cursor.connection(), server, options);
        Lsn confirmed = slot.confirmedFlushLsn();
        if (confirmed != null && confirmed.isAfter(token.lsn())) {
            throw refused(
                    Reason.CHANGES_LOST,
                    "the sink has stored changes up to " + token.lsn() + ", but the slot '" + options.slot
                            + "' has been confirmed up to " + confirmed
                            + ": what lies between is lost to the sink, which has to be filled anew");
        }
    }

    /** Returns up to where a timeline is part of the server's log; {@code 0/0} if it is not. */
    private static Lsn shared(ReplicationCursor cursor, SystemIdentity server, long timeline) {
        if (timeline == server.timeline()) {
            return server.position();
        } else if (timeline > server.timeline()) {
            return Lsn.ZERO;
        }
        return cursor.timelineHistory(server.timeline()).end(timeline);
    }

    /** Returns the state of the slot, if it is one to stream from. */
    private static SlotState usable(PgConnection db, SystemIdentity server, TransactionStreamOptions options) {
        SlotState slot = find(db, options.slot);
        if (slot == null) {
            throw refused(
                    Reason.SLOT_MISSING,
                    "the slot '" + options.slot + "' is gone: changes since what the sink has stored may be lost,"
                            + " and it has to be filled anew");
        } else if (slot.isLost()) {
            String why = slot.invalidationReason();
            throw refused(
                    Reason.SLOT_INVALIDATED,
                    "the server has given up the slot '" + options.slot + "'"
                            + (why == null ? "" : " (" + why + ")")
                            + ": the changes it kept are lost, and the sink has to be filled anew");
        }
        if (slot.type() != ReplicationType.LOGICAL || !Objects.equals(server.database(), slot.database())) {
            throw refused(
                    Reason.SLOT_UNFIT,
                    "the slot '" + options.slot + "' is "
                            + (slot.type() == ReplicationType.LOGICAL
                                    ? "of the database " + slot.database() + ", not " + server.database()
                                    : "a physical one"));
        } else if (!options.plugin.pluginName().equals(slot.plugin())) {
            throw refused(
                    Reason.SLOT_UNFIT,
                    "the slot '" + options.slot + "' is of the plugin " + slot.plugin() + ", not "
                            + options.plugin.pluginName());
        }
        return slot;
    }

    /** Returns the state of a slot, null if there is none. */
    static @Nullable SlotState find(PgConnection db, String name) {
        return new ReplicationMonitor(db)
                .slots().stream()
                        .filter(slot -> slot.name().equals(name))
                        .findAny()
                        .orElse(null);
    }

    private static ReplicationException refused(Reason reason, String message) {
        return new ReplicationException(reason, message, null);
    }
}
