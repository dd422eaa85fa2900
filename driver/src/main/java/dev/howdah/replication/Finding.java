package dev.howdah.replication;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one look of a {@link Preflight} found. Immutable.
 *
 * @param severity how bad it is
 * @param check what was looked for
 * @param subject what it is about: a setting, a slot, a publication, a table as SQL writes it, a role
 * @param message one sentence with the facts, for people
 * @param advice what to do, often the SQL or the setting; null if there is nothing to do
 */
public record Finding(
        Severity severity,
        Check check,
        String subject,
        String message,
        @Nullable String advice) {

    /** Makes one; programs may have findings of their own beside those of a preflight. */
    public Finding {
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(check, "check");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(message, "message");
    }

    /** How bad it is, the worst first. */
    public enum Severity {
        /** A stream cannot start, or something would be lost or break. */
        ERROR,
        /** It works, but something threatens, or is not what one would expect. */
        WARNING,
        /** Worth knowing; or it could not be looked at, and the message says why. */
        NOTE,
        /** It was looked at, and is as it should be. */
        OK
    }

    /** What was looked for. The names stay; more may come. */
    public enum Check {
        /** Whether the server's minor version has a known mistake that loses changes. */
        SERVER_VERSION,
        /** Whether the server is a standby, and what follows from it. */
        STANDBY,
        /** Whether the log has what decoding needs. */
        WAL_LEVEL,
        /** Whether one more process may send the log. */
        SENDERS_FREE,
        /** Whether one more slot can be made. */
        SLOTS_FREE,
        /** Whether the role may replicate. */
        ROLE_REPLICATION,
        /** Whether the server lets the output plugin be used. */
        PLUGIN_ALLOWED,
        /** Whether a connection for replication can be made; {@link Preflight#tryConnect} says. */
        REPLICATION_CONNECTION,
        /** Whether there is the slot. */
        SLOT_EXISTS,
        /** Whether the slot is a logical one. */
        SLOT_TYPE,
        /** Whether the slot is of the database. */
        SLOT_DATABASE,
        /** Whether the slot has the output plugin. */
        SLOT_PLUGIN,
        /** Whether somebody uses the slot already. */
        SLOT_ACTIVE,
        /** Whether the slot is lost. */
        SLOT_INVALIDATED,
        /** How much log is kept for the slot, and whether it is about to be lost. */
        SLOT_RETENTION,
        /** How far the slot holds back vacuum. */
        SLOT_HORIZON,
        /** Whether the slot sends prepared transactions when they are prepared. */
        SLOT_TWO_PHASE,
        /** Whether the slot outlives a failover. */
        SLOT_FAILOVER,
        /** Whether the slot is a copy of the primary's. */
        SLOT_SYNCED,
        /** Whether decoding for the slot had to write to disk. */
        SLOT_SPILL,
        /** Whether there is the publication. */
        PUBLICATION_EXISTS,
        /** Whether the publication has tables. */
        PUBLICATION_EMPTY,
        /** Which operations the publication has. */
        PUBLICATION_OPERATIONS,
        /** Whether rows or columns of a table are left out. */
        PUBLICATION_FILTERS,
        /** Whether the publication was there before all that the slot has still to send. */
        PUBLICATION_BEFORE_SLOT,
        /** Whether a published table has a replica identity, without which the server refuses its UPDATE and DELETE. */
        REPLICA_IDENTITY,
        /** Whether large values that an UPDATE leaves alone are missing in the stream. */
        TOAST_WITHOUT_FULL,
        /** Whether policies hide rows of a published table from the role when it reads the table. */
        ROW_SECURITY,
        /** Whether there are tables whose changes are not in the log, where all are published. */
        UNLOGGED,
        /** Whether transactions are open that hold up slots. */
        LONG_TRANSACTIONS,
        /** Whether transactions were prepared and forgotten. */
        PREPARED_TRANSACTIONS,
        /** Whether status goes out often enough for the server. */
        STATUS_INTERVAL,
        /** What limits the log that slots keep. */
        RETENTION_LIMIT,
        /** How much memory decoding may take before it writes to disk. */
        DECODING_MEMORY,
        /** Whether commits would wait for the consumer. */
        SYNCHRONOUS_STANDBY
    }

    static Finding error(Check check, String subject, String message, String advice) {
        return new Finding(Severity.ERROR, check, subject, message, advice);
    }

    static Finding warning(Check check, String subject, String message, String advice) {
        return new Finding(Severity.WARNING, check, subject, message, advice);
    }

    static Finding note(Check check, String subject, String message, @Nullable String advice) {
        return new Finding(Severity.NOTE, check, subject, message, advice);
    }

    static Finding ok(Check check, String subject, String message) {
        return new Finding(Severity.OK, check, subject, message, null);
    }
}
