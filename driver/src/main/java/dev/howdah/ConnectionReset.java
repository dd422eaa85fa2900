package dev.howdah;

import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.message.TransactionStatus;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.Lease;
import dev.howdah.pump.Occupant;
import dev.howdah.session.Conversation;
import dev.howdah.session.Resync;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;

/**
 * Makes a session what it was when it was new, on the server and here.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-discard.html">DISCARD</a>
 */
final class ConnectionReset {

    private static final Logger LOG = System.getLogger(ConnectionReset.class.getName());

    private static final String WHY = "the connection was reset";

    /** What DISCARD ALL does, for servers that do not know it or only some of it. */
    private static final List<String> IN_PIECES = List.of(
            "CLOSE ALL",
            "SET SESSION AUTHORIZATION DEFAULT",
            "RESET ALL",
            "DEALLOCATE ALL",
            "UNLISTEN *",
            "SELECT pg_advisory_unlock_all()",
            "DISCARD PLANS",
            "DISCARD TEMP",
            "DISCARD SEQUENCES");

    /** How a server says that it does not know a command. */
    private static final Set<SqlState> UNKNOWN_COMMAND =
            Set.of(SqlState.SYNTAX_ERROR, SqlState.FEATURE_NOT_SUPPORTED, SqlState.UNDEFINED_FUNCTION);

    private final Core core;
    private final TransactionStack transactions;
    private final Events events;

    ConnectionReset(Core core, TransactionStack transactions, Events events) {
        this.core = core;
        this.transactions = transactions;
        this.events = events;
    }

    /** Ends what is open, whoever opened it, and forgets the rest. What fails leaves the rest as it was. */
    void run(CallLimits limits) {
        core.makeWay(WHY);
        core.pump().leases().takeOver(WHY, limits, broken -> {
            if (broken != null) {
                end(broken);
            }
            if (core.session().transactionStatus() != TransactionStatus.IDLE) {
                core.script("ROLLBACK", CallLimits.CLEANUP);
            }
            transactions.abandon(WHY);
            if (!tried("DISCARD ALL", limits)) {
                for (String piece : IN_PIECES) {
                    tried(piece, limits);
                }
            }
            core.forget();
            events.reset();
            core.log().removeAll();
        });
    }

    /** Ends what keeps the server from taking commands. */
    private void end(Lease broken) {
        Occupant holder = broken.holder();
        if (holder != null) {
            holder.takenAway(WHY);
        } else if (broken.kind() == Lease.Kind.STREAM) {
            core.pump().run(new Resync(), CallLimits.CLEANUP);
        }
    }

    /** Runs a command; returns false if the server does not know it. */
    private boolean tried(String sql, CallLimits limits) {
        try {
            core.cleanUp(Conversation.of(core.simple(sql)), Kind.SESSION, sql, limits);
            return true;
        } catch (ServerException e) {
            if (!UNKNOWN_COMMAND.contains(e.sqlState())) {
                throw e;
            }
            LOG.log(Level.DEBUG, "the server does not know " + sql, e);
            return false;
        }
    }
}
