package dev.howdah.transport;

import dev.howdah.session.Session;
import org.jspecify.annotations.Nullable;

/**
 * Which kind of server is wanted: libpq's target_session_attrs.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-TARGET-SESSION-ATTRS">libpq</a>
 */
public enum SessionTarget {
    /** Any that accepts us. */
    ANY,
    /** One whose sessions can write by default. */
    READ_WRITE,
    /** One whose sessions cannot write by default. */
    READ_ONLY,
    /** One that is no standby. */
    PRIMARY,
    /** One that is a standby. */
    STANDBY,
    /** A standby if there is one among the hosts, else any. */
    PREFER_STANDBY;

    /** What to ask a server that does not report by itself what it is; yields in_hot_standby and read-only as text. */
    static final String QUESTION = "select case when pg_catalog.pg_is_in_recovery() then 'on' else 'off' end,"
            + " pg_catalog.current_setting('default_transaction_read_only')";

    /** Returns whether the server has reported what is needed to tell. */
    boolean isReported(Session session) {
        return this == ANY
                || session.parameters().containsKey("in_hot_standby")
                        && session.parameters().containsKey("default_transaction_read_only");
    }

    /**
     * Returns why a server is not the one that is wanted, or null if it is.
     *
     * @param standby whether it is a standby
     * @param readOnly whether its sessions are read-only by default
     */
    @Nullable
    String objection(boolean standby, boolean readOnly) {
        return switch (this) {
            case ANY -> null;
            case READ_WRITE -> standby || readOnly ? "the session would be read-only" : null;
            case READ_ONLY -> standby || readOnly ? null : "the session would not be read-only";
            case PRIMARY -> standby ? "the server is a standby" : null;
            case STANDBY, PREFER_STANDBY -> standby ? null : "the server is no standby";
        };
    }
}
