package dev.howdah.replication;

import dev.howdah.ConnectOptions;
import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.SqlState;
import dev.howdah.replication.Finding.Check;
import java.util.Map;

/** Tries a connection for replication. */
final class PreflightConnect {

    private static final Map<SqlState, String> ADVICE = Map.of(
            SqlState.INSUFFICIENT_PRIVILEGE,
            "alter role ... replication",
            SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
            "pg_hba.conf needs a line that matches the database, the role and the address, as for any connection (the word"
                    + " replication is for physical streams); and the role needs LOGIN",
            SqlState.INVALID_PASSWORD,
            "the password is not that of the role, or pg_hba.conf has another line first",
            SqlState.TOO_MANY_CONNECTIONS,
            "raise max_wal_senders, which needs a restart, or end a process that nobody needs: see pg_stat_replication",
            SqlState.PROTOCOL_VIOLATION,
            "a pooler on the way does not know replication: connect to the server itself");

    private PreflightConnect() {}

    static Finding attempt(ConnectOptions options) {
        try (LogicalReplicationConnection connection = LogicalReplicationConnection.connect(options)) {
            String user = connection.info().user();
            return Finding.ok(
                    Check.REPLICATION_CONNECTION,
                    user,
                    "A connection for logical replication was made as " + user + ".");
        } catch (ConnectFailedException e) {
            String advice = e.sqlState() == null ? null : ADVICE.get(e.sqlState());
            String message = String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", "; ");
            return new Finding(
                    Finding.Severity.ERROR,
                    Check.REPLICATION_CONNECTION,
                    "replication=database",
                    "No connection for logical replication could be made. " + message,
                    advice);
        }
    }
}
