package dev.howdah;

import dev.howdah.error.CommitRolledBackException;
import dev.howdah.error.DeadlockException;
import dev.howdah.error.Delivery;
import dev.howdah.error.FailedTransactionException;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.error.SerializationFailureException;
import dev.howdah.message.TransactionStatus;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.Lease;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The transactions that are open on a connection, one inside the other. Only who has the lease changes it. */
final class TransactionStack {

    /** How often work that the server refused with 40001 or 40P01 is tried, the first time included. */
    private static final int MAX_TRIES = 10;

    private static final long FIRST_PAUSE_MILLIS = 2;
    private static final long LONGEST_PAUSE_MILLIS = 500;

    private final Core core;
    private final TwoPhase twoPhase;
    private final Savepoints savepoints;
    private volatile @Nullable Transaction current;

    TransactionStack(Core core, CallLimits limits) {
        this.core = core;
        this.twoPhase = new TwoPhase(core, this, limits);
        this.savepoints = new Savepoints(core, this);
    }

    TwoPhase twoPhase() {
        return twoPhase;
    }

    Savepoints savepoints() {
        return savepoints;
    }

    /**
     * Throws inside a transaction of any kind; the caller has the turn.
     *
     * @param what what cannot be done there
     */
    void requireNone(String what) {
        if (twoPhase.isUnderWay()) {
            throw new IllegalStateException(
                    "cannot " + what + " inside a two-phase transaction: commit() or rollback() of twoPhase() ends it");
        }
        if (current != null
                || core.session().isOpen() && core.session().transactionStatus() != TransactionStatus.IDLE) {
            throw new IllegalStateException("cannot " + what + " inside a transaction: commit or roll back first");
        }
    }

    /** Commits what autocommit off or a BEGIN in SQL began, if anything. */
    void commit(CallLimits limits) {
        requirePlain("commit");
        if (core.session().transactionStatus() != TransactionStatus.IDLE) {
            core.end("COMMIT", limits);
        }
    }

    /** Rolls back what autocommit off or a BEGIN in SQL began, if anything. */
    void rollback() {
        requirePlain("rollback");
        if (core.session().transactionStatus() != TransactionStatus.IDLE) {
            core.script("ROLLBACK", CallLimits.CLEANUP);
        }
    }

    /** Throws if {@code what}, which ends an ordinary transaction, is not what ends the one that is open. */
    private void requirePlain(String what) {
        if (current != null) {
            throw new IllegalStateException("a Transaction is open on this connection: call its own " + what + "()");
        }
        if (twoPhase.isUnderWay()) {
            throw new IllegalStateException(
                    "a two-phase transaction is under way on this connection: call " + what + "() of twoPhase()");
        }
    }

    /** Changes what transactions begin with, outside of one. */
    void changeTraits(UnaryOperator<TransactionMode> change, @Nullable Boolean autocommit, CallLimits limits) {
        core.pump().inTurn(limits, () -> {
            requireNone("change autocommit or the transaction modes of the session");
            core.traits().change(change, autocommit, limits);
        });
    }

    @Nullable
    Transaction current() {
        return current;
    }

    /** Begins a transaction, or a savepoint where one is open. */
    Transaction begin(TransactionMode mode, CallLimits limits) {
        Transaction[] begun = new Transaction[1];
        core.pump().inTurn(limits, () -> begun[0] = beginInTurn(mode, limits));
        return begun[0];
    }

    private Transaction beginInTurn(TransactionMode mode, CallLimits limits) {
        Lease lease = new Lease(Lease.Kind.TRANSACTION);
        if (!core.pump().leases().grantUnlessMine(lease, limits)) {
            if (twoPhase.isUnderWay()) {
                throw new IllegalStateException("a two-phase transaction is under way on this connection and has no"
                        + " others inside: use savepoint(name) and rollbackTo(name)");
            }
            return nest(mode, limits, null);
        }
        Transaction begun = null;
        try {
            if (core.session().transactionStatus() != TransactionStatus.IDLE) {
                begun = nest(mode, limits.under(lease), lease);
            } else {
                core.script(core.traits().complete(mode).beginSql(), limits.under(lease));
                begun = new Transaction(core, this, null, null, lease);
                current = begun;
            }
            return begun;
        } finally {
            if (begun == null) {
                core.pump().leases().end(lease);
            }
        }
    }

    private Transaction nest(TransactionMode mode, CallLimits limits, @Nullable Lease lease) {
        if (!mode.equals(TransactionMode.DEFAULT)) {
            throw new IllegalStateException("a transaction is open: one inside it is a savepoint and takes no mode of"
                    + " its own (" + mode.beginSql() + ")");
        }
        String savepoint = core.newName("savepoint");
        core.script("SAVEPOINT " + savepoint, limits);
        Transaction begun = new Transaction(core, this, current, savepoint, lease);
        current = begun;
        return begun;
    }

    /** Ends a transaction and those inside it. */
    void endUpTo(Transaction outermost) {
        endInside(outermost, "one around it has ended");
        current = outermost.outer();
        ended(outermost, null);
    }

    /** Ends the transactions inside another one, or all. */
    void endInside(@Nullable Transaction outer, @Nullable String why) {
        Transaction inner = current;
        while (inner != null && inner != outer) {
            current = inner.outer();
            ended(inner, why);
            inner = inner.outer();
        }
    }

    private void ended(Transaction transaction, @Nullable String why) {
        savepoints.ended(transaction);
        transaction.ended(why);
    }

    /** Ends all, because the session has rolled back. */
    void abandon(String why) {
        endInside(null, why);
        twoPhase.abandon();
    }

    /** Runs work in a transaction; the outermost is run again when the server asks for that. */
    <T, X extends Exception> T run(TransactionMode mode, TransactionBody<T, X> body, CallLimits limits) throws X {
        for (int tries = 1; ; tries++) {
            Transaction transaction = begin(mode, limits);
            boolean again = false;
            transaction.enter();
            try (transaction) {
                try {
                    T value = body.run(transaction);
                    if (transaction.isOpen()) {
                        transaction.commit();
                    } else {
                        transaction.requireAsked();
                    }
                    return value;
                } catch (PgException e) {
                    again = isWorthAnotherTry(transaction, e, tries);
                    throw e;
                }
            } catch (PgException e) {
                if (!again) {
                    throw e;
                }
                pause(tries, e);
            } finally {
                transaction.leave();
            }
        }
    }

    /**
     * Returns whether work that failed should be run again in a new transaction; to be asked before it is rolled back.
     *
     * @param tries how often it has been run
     */
    boolean isWorthAnotherTry(Transaction transaction, PgException e, int tries) {
        return !transaction.isNested() && tries < MAX_TRIES && isRefusal(e);
    }

    /** Returns how long to pause before work is run again: a random time, longer with each try. */
    static long pauseMillis(int tries) {
        long longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << tries);
        return ThreadLocalRandom.current().nextLong(longest + 1);
    }

    /** The body may have kept the server's refusal for itself: then what came of it is what fails. */
    private boolean isRefusal(PgException e) {
        PgException reason = switch (e) {
            case CommitRolledBackException rolledBack -> core.session().abortedBy();
            case FailedTransactionException refused -> core.session().abortedBy();
            default -> e;
        };
        return reason instanceof SerializationFailureException || reason instanceof DeadlockException;
    }

    private static void pause(int tries, PgException cause) {
        try {
            TimeUnit.MILLISECONDS.sleep(pauseMillis(tries));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedWaitException interrupted = new InterruptedWaitException(Delivery.REFUSED, cause);
            interrupted.addSuppressed(e);
            throw interrupted;
        }
    }
}
