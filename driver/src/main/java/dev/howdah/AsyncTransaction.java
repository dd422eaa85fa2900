package dev.howdah;

import dev.howdah.error.PgException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of an {@link AsyncConnection}, or inside another one a savepoint. What is given to it is run at once, in
 * order; what is given to the connection, or to a transaction around it, waits until it has ended. It ends with {@link
 * #commit()}, {@link #rollback()} or {@link #close()}:
 *
 * <pre>{@code
 * db.begin().thenCompose(tx -> tx.execute("update item set price = price * $1", new BigDecimal("1.1"))
 *         .thenCompose(done -> tx.commit())
 *         .whenComplete((done, failure) -> tx.close()));
 * }</pre>
 *
 * {@link AsyncConnection#inTransaction} does that by itself. One that is forgotten stays open, and holds up what was given to
 * the connection, until somebody calls {@link AsyncConnection#reset()} or closes the connection. Operations that wait in it when
 * it ends fail with an {@link IllegalStateException}, and so does what is given to it later. Safe for several threads.
 *
 * @see <a href="https://www.postgresql.org/docs/current/tutorial-transactions.html">Transactions</a>
 */
public final class AsyncTransaction extends AsyncPlace {

    private final Transaction transaction;
    /** It was ended by its own commit, rollback or close. */
    private volatile boolean asked;

    private AsyncTransaction(AsyncLane lane, Transaction transaction) {
        super(lane);
        this.transaction = transaction;
    }

    /** Begins one within a lane, on the connection's thread. */
    static AsyncTransaction begin(AsyncLane around, PgConnection db, TransactionMode mode) {
        Transaction begun = db.begin(mode);
        return new AsyncTransaction(around.queue().opened(begun), begun);
    }

    /** Returns whether it has not ended, as far as is known. */
    public boolean isOpen() {
        return !lane().isEnded() && transaction.isOpen();
    }

    /** Returns whether it is a savepoint inside another transaction. */
    public boolean isNested() {
        return transaction.isNested();
    }

    /**
     * Makes what was done last, after all that was given to it before; see {@link Transaction#commit()}. Waits for a transaction
     * inside to end. Once it has begun it is not cut short by cancelling its stage.
     *
     * @return fails with an {@link IllegalStateException} if it has ended, a {@link
     *     dev.howdah.error.CommitRolledBackException} if the server rolled back instead
     */
    public CompletableFuture<Void> commit() {
        return lane().submit(null, (db, left) -> ended(transaction::commit));
    }

    /**
     * Undoes what was done since it began, after what was given to it before. Transactions inside end with it; what waits for
     * their end fails.
     *
     * @return fails with an {@link IllegalStateException} if it has ended
     */
    public CompletableFuture<Void> rollback() {
        return lane().submitEnd(AsyncOperation.Kind.ENDS_INNER, (db, left) -> ended(transaction::rollback));
    }

    /** Rolls back, unless it has ended or its connection has. */
    public CompletableFuture<Void> close() {
        return lane().submitEnd(AsyncOperation.Kind.CLOSES_INNER, (db, left) -> ended(transaction::close));
    }

    /** Ends it because that was asked of it. */
    private @Nullable Void ended(Runnable ending) {
        boolean wasOpen = transaction.isOpen();
        try {
            ending.run();
            return null;
        } finally {
            if (wasOpen && !transaction.isOpen()) {
                asked = true;
            }
        }
    }

    /**
     * How work in a transaction ended.
     *
     * @param failure why it was rolled back; null if it was committed
     * @param again whether it is to be run again
     */
    record Outcome(@Nullable Throwable failure, boolean again) {}

    /**
     * Commits, or rolls back if the work or the commit failed. Does not wait for transactions inside. If the work has ended
     * it itself, what the work came to is the outcome.
     *
     * @param failure what the work failed with, or null
     * @param tries how often it has been run
     * @return yields null if the connection has ended before the transaction
     */
    CompletableFuture<@Nullable Outcome> finish(@Nullable Throwable failure, int tries) {
        return lane().submitEnd(AsyncOperation.Kind.CLOSES_INNER, (db, left) -> finishNow(failure, tries))
                .thenApply(outcome -> outcome != null || transaction.isOpen() ? outcome : ended(failure, tries));
    }

    private Outcome ended(@Nullable Throwable given, int tries) {
        Throwable failure = given != null || asked
                ? given
                : new IllegalStateException("the transaction has been rolled back by one around it, or by a reset");
        return new Outcome(failure, isWorthAnotherTry(failure, tries));
    }

    private boolean isWorthAnotherTry(@Nullable Throwable failure, int tries) {
        return failure instanceof PgException e && transaction.stack().isWorthAnotherTry(transaction, e, tries);
    }

    private Outcome finishNow(@Nullable Throwable given, int tries) {
        Throwable failure = given;
        boolean again = false;
        try (transaction) {
            if (failure == null && transaction.isOpen()) {
                try {
                    transaction.commit();
                } catch (RuntimeException | Error e) {
                    failure = e;
                }
            }
            again = isWorthAnotherTry(failure, tries);
        } catch (RuntimeException | Error e) {
            if (failure == null) {
                failure = e;
            } else if (failure != e) {
                failure.addSuppressed(e);
            }
        }
        return new Outcome(failure, again);
    }

    /** Drops what waits in it, cancels what runs in it, and rolls back. */
    @SuppressWarnings("FutureReturnValueIgnored") // its stage has been cancelled already
    void abort() {
        lane().queue().abandonAll(lane());
        close();
    }
}
