package dev.howdah;

import dev.howdah.pump.CallLimits;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What transactions of a session begin with, and whether each statement is one. Every BEGIN of the driver's says it, so
 * nothing has to be set on the server; only where there is no BEGIN, with autocommit on, the session's own defaults are
 * set too. Changed by who has the turn, read by any thread.
 *
 * @see <a href="https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-DEFAULT-TRANSACTION-ISOLATION">
 *     default_transaction_isolation</a>
 */
final class SessionTraits {

    private final Core core;
    private volatile State state = State.NEW;

    /**
     * What is known.
     *
     * @param mode what transactions begin with
     * @param onServer what of it has been set on the server
     * @param discards how often the session had been discarded then, which takes it back to its defaults
     */
    private record State(TransactionMode mode, TransactionMode onServer, boolean autocommit, int discards) {
        static final State NEW = new State(TransactionMode.DEFAULT, TransactionMode.DEFAULT, true, 0);
    }

    SessionTraits(Core core) {
        this.core = core;
    }

    boolean autocommit() {
        return state.autocommit();
    }

    TransactionMode mode() {
        return current().mode();
    }

    /** Returns a mode with the session's own where it says nothing. */
    TransactionMode complete(TransactionMode mode) {
        TransactionMode own = mode();
        return new TransactionMode(
                mode.isolation() == null ? own.isolation() : mode.isolation(),
                mode.readOnly() == null ? own.readOnly() : mode.readOnly(),
                mode.deferrable() == null ? own.deferrable() : mode.deferrable());
    }

    /** The server drops all settings of a session that is discarded. */
    private State current() {
        State known = state;
        int discards = core.statements().discards();
        return known.discards() == discards
                ? known
                : new State(TransactionMode.DEFAULT, TransactionMode.DEFAULT, known.autocommit(), discards);
    }

    /**
     * Changes the traits and brings the server in line; outside a transaction. When the server refuses, all is as before.
     *
     * @param autocommit null to leave it
     */
    void change(UnaryOperator<TransactionMode> change, @Nullable Boolean autocommit, CallLimits limits) {
        State before = current();
        TransactionMode mode = change.apply(before.mode());
        boolean single = autocommit == null ? before.autocommit() : autocommit;
        TransactionMode onServer = single ? mode : TransactionMode.DEFAULT;
        String sql = settings(before.onServer(), onServer);
        if (!sql.isEmpty()) {
            core.command(sql, limits);
        }
        state = new State(mode, onServer, single, before.discards());
    }

    /** Forgets everything, because the server has. */
    void reset() {
        state = new State(
                TransactionMode.DEFAULT,
                TransactionMode.DEFAULT,
                true,
                core.statements().discards());
    }

    /** Returns the statements that make one mode of another, in one implicit transaction: all of them or none. */
    private static String settings(TransactionMode from, TransactionMode to) {
        Isolation isolation = to.isolation();
        return setting(from.isolation(), isolation, "isolation", isolation == null ? null : isolation.sql())
                + setting(from.readOnly(), to.readOnly(), "read_only", onOrOff(to.readOnly()))
                + setting(from.deferrable(), to.deferrable(), "deferrable", onOrOff(to.deferrable()));
    }

    private static @Nullable String onOrOff(@Nullable Boolean value) {
        return value == null ? null : value ? "on" : "off";
    }

    private static String setting(@Nullable Object from, @Nullable Object to, String name, @Nullable String value) {
        return Objects.equals(from, to)
                ? ""
                : "SET default_transaction_" + name + " TO " + (value == null ? "DEFAULT" : "'" + value + "'") + ";";
    }
}
