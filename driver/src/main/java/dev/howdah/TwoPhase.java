package dev.howdah;

import dev.howdah.error.ProtocolException;
import dev.howdah.error.UndefinedObjectException;
import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.message.TransactionStatus;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.Lease;
import dev.howdah.session.ExtendedQuery;
import dev.howdah.sql.Literal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Two-phase commit on one connection: a transaction is prepared, after which nothing but a full disk keeps it from being
 * committed, and it survives the end of the session and of the server; then it is committed or rolled back, here or by
 * another session that knows its name. That is how several databases commit together: prepare on all, then commit on all.
 *
 * <pre>{@code
 * db.twoPhase().begin(Xid.of(1, "order 17", "stock"));
 * db.execute("update stock set pieces = pieces - 1 where item = $1", 7);
 * db.twoPhase().prepare();
 * db.twoPhase().commit();
 * }</pre>
 *
 * <p>While a transaction is under way the connection belongs to the thread that began it, others wait; it may be ended by
 * any thread. Until {@code prepare} statements and savepoints run as in any transaction; {@link PgConnection#begin()},
 * {@link PgConnection#commit()}, {@link PgConnection#rollback()} and what changes the session's modes are refused. After
 * it only {@link #commit()}, {@link #rollback()}, {@link #leave()}, {@link #recover()}, {@link PgConnection#reset()} and
 * {@link PgConnection#close()} are allowed. Autocommit does not matter.
 *
 * <p>Closing or losing the connection rolls back what has not been prepared; what has been prepared stays, and holds its
 * locks, until somebody ends it. When the connection is lost during {@code prepare} or later, its exception says {@link
 * dev.howdah.error.Delivery#UNKNOWN}, and {@link #recover()} on another connection tells what came of it.
 *
 * <p>The server has to allow it: {@code max_prepared_transactions} is 0 by default, and {@code prepare} then fails with
 * 55000. Ending a transaction and preparing it have no timeout and are not cut short by an interrupt.
 *
 * @see <a href="https://www.postgresql.org/docs/current/two-phase.html">Two-phase transactions</a>
 */
public final class TwoPhase {

    private static final String RECOVER =
            "select gid, prepared, owner::text, database::text from pg_catalog.pg_prepared_xacts order by prepared, gid";

    private static final State NONE = new State.None();

    private final Core core;
    private final TransactionStack transactions;
    private final CallLimits limits;
    private volatile State state = NONE;

    /** Where it stands. */
    private sealed interface State {

        /** No transaction is under way. */
        record None() implements State {}

        /** One has begun; the thread that did that runs its statements. */
        record Begun(Xid xid, Lease lease) implements State {}

        /** One has been prepared here and not ended. */
        record Prepared(Xid xid, Lease lease) implements State {}
    }

    TwoPhase(Core core, TransactionStack transactions, CallLimits limits) {
        this.core = core;
        this.transactions = transactions;
        this.limits = limits;
    }

    /** Returns whether one has begun or been prepared. */
    boolean isUnderWay() {
        return !(state instanceof State.None);
    }

    /** Returns the name of the transaction that is under way, null if none is. */
    public @Nullable Xid xid() {
        return switch (state) {
            case State.None none -> null;
            case State.Begun begun -> begun.xid();
            case State.Prepared prepared -> prepared.xid();
        };
    }

    /** Returns whether the transaction that is under way has been prepared. */
    public boolean isPrepared() {
        return state instanceof State.Prepared;
    }

    /** Begins a transaction with the session's modes; see {@link #begin(Xid, TransactionMode)}. */
    public void begin(Xid xid) {
        begin(xid, TransactionMode.DEFAULT);
    }

    /**
     * Begins a transaction that can be prepared.
     *
     * @param xid how it will be called once it is prepared
     * @param mode what it begins with; what is null there is as the session has it
     * @throws IllegalArgumentException if the name has more than 199 bytes
     * @throws IllegalStateException inside a transaction of any kind
     */
    public void begin(Xid xid, TransactionMode mode) {
        xid.requireUsable();
        core.pump().inTurn(limits, () -> {
            transactions.requireNone("begin a two-phase transaction");
            Lease lease = new Lease(Lease.Kind.TRANSACTION);
            core.pump().leases().grant(lease, limits);
            boolean begun = false;
            try {
                core.script(core.traits().complete(mode).beginSql(), limits.under(lease));
                state = new State.Begun(xid, lease);
                begun = true;
            } finally {
                if (!begun) {
                    core.pump().leases().end(lease);
                }
            }
        });
    }

    /**
     * Ends the work of the transaction that has begun, and keeps it on the server until it is committed or rolled back.
     *
     * @throws IllegalStateException if none has begun, or it has been prepared
     * @throws dev.howdah.error.CommitRolledBackException if the server rolled it back instead, because a statement had
     *     failed, which is its cause; the transaction has then ended
     * @throws dev.howdah.error.ServerException if the server refuses it: 55000 where {@code max_prepared_transactions} is 0,
     *     42710 if the name is taken, 0A000 if it used temporary tables, LISTEN or NOTIFY, 53200 if too many are prepared;
     *     the transaction has then been rolled back
     */
    public void prepare() {
        switch (state) {
            case State.None none -> throw nothing();
            case State.Prepared prepared ->
                throw new IllegalStateException(
                        "the transaction has been prepared already: commit() or rollback() ends it");
            case State.Begun begun -> {
                CallLimits own = CallLimits.CLEANUP.under(begun.lease());
                core.pump().inTurn(own, () -> prepare(begun, own));
            }
        }
    }

    private void prepare(State.Begun begun, CallLimits own) {
        requireOpen(begun);
        boolean prepared = false;
        try {
            core.end("PREPARE TRANSACTION " + literal(begun.xid()), own);
            prepared = true;
        } finally {
            if (!prepared) {
                endIfOver(begun.lease());
            }
        }
        Lease waiting = new Lease(Lease.Kind.PREPARED);
        core.pump().leases().exchange(begun.lease(), waiting);
        state = new State.Prepared(begun.xid(), waiting);
    }

    /**
     * Commits the transaction that is under way: in a second phase if it has been prepared, otherwise at once, as an
     * ordinary transaction.
     *
     * @throws IllegalStateException if none is
     * @throws dev.howdah.error.CommitRolledBackException if it was not prepared and the server rolled it back instead
     * @throws UndefinedObjectException if it was prepared and somebody else has ended it meanwhile
     * @throws dev.howdah.error.ServerException if the server could not end what was prepared; that stays, try again
     */
    public void commit() {
        switch (state) {
            case State.None none -> throw nothing();
            case State.Begun begun -> {
                CallLimits own = CallLimits.CLEANUP.under(begun.lease());
                core.pump().inTurn(own, () -> {
                    requireOpen(begun);
                    try {
                        core.end("COMMIT", own);
                    } finally {
                        endIfOver(begun.lease());
                    }
                });
            }
            case State.Prepared prepared -> finish(prepared, "COMMIT PREPARED ");
        }
    }

    /**
     * Rolls back the transaction that is under way, prepared or not.
     *
     * @throws IllegalStateException if none is
     * @throws UndefinedObjectException if it was prepared and somebody else has ended it meanwhile
     * @throws dev.howdah.error.ServerException if the server could not end what was prepared; that stays, try again
     */
    public void rollback() {
        switch (state) {
            case State.None none -> throw nothing();
            case State.Begun begun -> {
                CallLimits own = CallLimits.CLEANUP.under(begun.lease());
                core.pump().inTurn(own, () -> {
                    requireState(begun);
                    try {
                        if (core.session().isOpen() && !isIdle()) {
                            core.script("ROLLBACK", own);
                        }
                    } finally {
                        ended(begun.lease());
                    }
                });
            }
            case State.Prepared prepared -> finish(prepared, "ROLLBACK PREPARED ");
        }
    }

    private void finish(State.Prepared prepared, String verb) {
        CallLimits own = CallLimits.CLEANUP.under(prepared.lease());
        core.pump().inTurn(own, () -> {
            requireState(prepared);
            boolean over = false;
            try {
                core.script(verb + literal(prepared.xid()), own);
                over = true;
            } catch (UndefinedObjectException e) {
                over = true;
                throw e;
            } finally {
                if (over || !core.session().isOpen()) {
                    ended(prepared.lease());
                }
            }
        });
    }

    /**
     * Leaves the transaction that has been prepared to whoever ends it by its name, and frees the connection for other
     * work. Sends nothing.
     *
     * @throws IllegalStateException if none has been prepared here
     */
    public void leave() {
        if (!(state instanceof State.Prepared prepared)) {
            throw new IllegalStateException("only a transaction that has been prepared can be left");
        }
        core.pump().inTurn(CallLimits.CLEANUP.under(prepared.lease()), () -> {
            requireState(prepared);
            ended(prepared.lease());
        });
    }

    /**
     * Commits a transaction that any session has prepared in this database.
     *
     * @throws IllegalStateException inside a transaction of any kind
     * @throws UndefinedObjectException if there is none of that name
     * @throws dev.howdah.error.ServerException if it is of another database or role, or busy
     */
    public void commit(Xid xid) {
        finish(xid, "COMMIT PREPARED ");
    }

    /**
     * Rolls back a transaction that any session has prepared in this database.
     *
     * @throws IllegalStateException inside a transaction of any kind
     * @throws UndefinedObjectException if there is none of that name
     * @throws dev.howdah.error.ServerException if it is of another database or role, or busy
     */
    public void rollback(Xid xid) {
        finish(xid, "ROLLBACK PREPARED ");
    }

    private void finish(Xid xid, String verb) {
        core.pump().inTurn(limits, () -> {
            transactions.requireNone("end a prepared transaction by its name");
            core.script(verb + literal(xid), CallLimits.CLEANUP);
        });
    }

    /**
     * Returns the transactions that are prepared now, of all databases and sessions of the server, the oldest first. No
     * transaction is begun for it, also with autocommit off.
     *
     * @return never null, maybe empty
     */
    public List<PreparedTransaction> recover() {
        CallLimits own = state instanceof State.Prepared prepared ? limits.under(prepared.lease()) : limits;
        Rows rows = Rows.of(core.goOn(
                new ExtendedQuery(core.session(), core.statements(), RECOVER, new Object[0], core.types()),
                Kind.QUERY,
                RECOVER,
                own));
        List<PreparedTransaction> found = new ArrayList<>();
        for (Row row : rows) {
            String gid = required(row, 0, String.class);
            found.add(new PreparedTransaction(
                    Xid.parse(gid),
                    gid,
                    required(row, 1, Instant.class),
                    row.getString(2),
                    required(row, 3, String.class)));
        }
        return List.copyOf(found);
    }

    private static <T> T required(Row row, int column, Class<T> type) {
        T value = row.get(column, type);
        if (value == null) {
            throw new ProtocolException("pg_prepared_xacts has a NULL where PostgreSQL has none, in column " + column);
        }
        return value;
    }

    /** Forgets what is under way, because the session has; the leases have ended. */
    void abandon() {
        state = NONE;
    }

    private static String literal(Xid xid) {
        return Literal.quoted(xid.toString());
    }

    private boolean isIdle() {
        return core.session().transactionStatus() == TransactionStatus.IDLE;
    }

    private static IllegalStateException nothing() {
        return new IllegalStateException(
                "no two-phase transaction is under way on this connection: begin(xid) begins one");
    }

    private void requireState(State expected) {
        if (!Objects.equals(state, expected)) {
            throw new IllegalStateException("another thread has ended the transaction or prepared it meanwhile");
        }
    }

    private void requireOpen(State.Begun begun) {
        requireState(begun);
        if (core.session().isOpen() && isIdle()) {
            ended(begun.lease());
            throw new IllegalStateException(
                    "a statement has ended this transaction already, such as COMMIT or ROLLBACK");
        }
    }

    private void endIfOver(Lease lease) {
        if (!core.session().isOpen() || isIdle()) {
            ended(lease);
        }
    }

    private void ended(Lease lease) {
        state = NONE;
        core.pump().leases().end(lease);
    }
}
