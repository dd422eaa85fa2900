package dev.howdah;

import dev.howdah.message.TransactionStatus;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.Lease;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A transaction, or inside another one a savepoint. Statements of the connection belong to it until it ends; while it is
 * open, other threads that use the connection wait. It ends with {@link #commit()}, {@link #rollback()} or {@link
 * #close()}, which rolls back what has not been committed:
 *
 * <pre>{@code
 * try (Transaction tx = db.begin()) {
 *     db.execute("update item set price = price * $1", new BigDecimal("1.1"));
 *     tx.commit();
 * }
 * }</pre>
 *
 * <p>To be used by the thread that began it; ending it is allowed from any thread.
 *
 * @see <a href="https://www.postgresql.org/docs/current/tutorial-transactions.html">Transactions</a>
 */
public final class Transaction implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Transaction.class.getName());

    private final Core core;
    private final TransactionStack stack;
    private final @Nullable Transaction outer;
    private final @Nullable String savepoint;
    private final @Nullable Lease lease;
    private final CallLimits limits;
    private volatile boolean open = true;
    private volatile @Nullable String endedBy;

    Transaction(
            Core core,
            TransactionStack stack,
            @Nullable Transaction outer,
            @Nullable String savepoint,
            @Nullable Lease lease) {
        this.core = core;
        this.stack = stack;
        this.outer = outer;
        this.savepoint = savepoint;
        this.lease = lease;
        this.limits = CallLimits.CLEANUP.under(lease != null ? lease : outer == null ? null : outer.rootLease());
    }

    private @Nullable Lease rootLease() {
        return lease != null || outer == null ? lease : outer.rootLease();
    }

    @Nullable
    Transaction outer() {
        return outer;
    }

    TransactionStack stack() {
        return stack;
    }

    /** Notes that the current thread runs the work of the transaction: none of it is to run outside of it. */
    void enter() {
        if (lease != null) {
            core.pump().leases().enter(lease);
        }
    }

    /** Notes that the work has ended. */
    void leave() {
        if (lease != null) {
            core.pump().leases().leave(lease);
        }
    }

    /** Returns whether it has not ended. */
    public boolean isOpen() {
        return open;
    }

    /** Returns whether it is a savepoint inside another transaction. */
    public boolean isNested() {
        return savepoint != null;
    }

    /**
     * Makes what was done last; for a nested one, part of the transaction around it.
     *
     * @throws dev.howdah.error.CommitRolledBackException if the server rolled back instead, because a statement had
     *     failed, which is its cause; the transaction has then ended
     * @throws IllegalStateException if it has ended, or one inside it has not
     */
    public void commit() {
        // One that has ended does not wait for others.
        requireOpen();
        core.pump().inTurn(limits, this::commitInTurn);
    }

    /** Another thread may have ended it while this one waited for the turn. */
    private void commitInTurn() {
        requireOpen();
        if (stack.current() != this) {
            throw new IllegalStateException("a transaction inside this one has not ended");
        }
        if (core.session().isOpen() && core.session().transactionStatus() == TransactionStatus.IDLE) {
            end();
            throw new IllegalStateException(
                    "a statement has ended this transaction already, such as COMMIT or ROLLBACK");
        }
        if (savepoint != null) {
            core.script("RELEASE SAVEPOINT " + savepoint, limits);
            end();
            return;
        }
        try {
            core.end("COMMIT", limits);
        } finally {
            if (core.session().transactionStatus() == TransactionStatus.IDLE
                    || !core.session().isOpen()) {
                end();
            }
        }
    }

    /**
     * Undoes what was done since it began. Transactions inside it have ended with it.
     *
     * @throws IllegalStateException if it has ended
     */
    public void rollback() {
        requireOpen();
        core.pump().inTurn(limits, this::rollbackInTurn);
    }

    private void rollbackInTurn() {
        requireOpen();
        try {
            if (core.session().isOpen() && core.session().transactionStatus() != TransactionStatus.IDLE) {
                core.script(
                        savepoint == null
                                ? "ROLLBACK"
                                : "ROLLBACK TO SAVEPOINT " + savepoint + "; RELEASE SAVEPOINT " + savepoint,
                        limits);
            }
        } finally {
            end();
        }
    }

    /** Rolls back, unless it has ended. */
    @Override
    public void close() {
        if (open) {
            try {
                rollback();
            } catch (IllegalStateException e) {
                if (open) {
                    throw e;
                }
                LOG.log(Level.DEBUG, "a transaction that was to be rolled back has ended otherwise meanwhile", e);
            }
        }
    }

    private void requireOpen() {
        if (!open) {
            String why = endedBy;
            throw new IllegalStateException("the transaction has ended" + (why == null ? "" : ": " + why));
        }
    }

    /** Throws if it has ended and nobody asked that of it. */
    void requireAsked() {
        if (endedBy != null) {
            requireOpen();
        }
    }

    private void end() {
        stack.endUpTo(this);
    }

    /**
     * Notes that it has ended; the lease goes with the outermost.
     *
     * @param why what ended it, null if that was asked of it
     */
    void ended(@Nullable String why) {
        endedBy = why;
        open = false;
        if (lease != null) {
            core.pump().leases().end(lease);
        }
    }
}
