package dev.howdah;

import dev.howdah.error.PgException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Work in a transaction of an asynchronous connection, and the stage that tells what came of it.
 *
 * @param <T> what it yields
 */
@SuppressWarnings("FutureReturnValueIgnored") // each stage leads to the next; what fails is told by this one
final class AsyncUnit<T extends @Nullable Object> extends CompletableFuture<T> {

    private static final Logger LOG = System.getLogger(AsyncUnit.class.getName());

    /** Where a further try begins; what depends on a stage may run there if that is refused. */
    private static final Executor AGAIN = Thread.ofVirtual().name("howdah-async-again")::start;

    private final AsyncPlace place;
    private final TransactionMode mode;
    private final Function<? super AsyncTransaction, ? extends CompletionStage<T>> body;
    private final Consumer<PgException> connectionEnded = this::fail;
    private volatile boolean cancelled;
    private volatile @Nullable CompletableFuture<AsyncTransaction> begun;
    private volatile @Nullable AsyncTransaction transaction;
    private volatile @Nullable CompletionStage<T> running;

    AsyncUnit(
            AsyncPlace place,
            TransactionMode mode,
            Function<? super AsyncTransaction, ? extends CompletionStage<T>> body) {
        this.place = place;
        this.mode = mode;
        this.body = body;
    }

    /** Begins; nothing of the user's is run here, unless this is the connection's own thread. */
    void start() {
        place.lane().queue().atEnd(connectionEnded);
        tryIt(1);
    }

    private void tryIt(int tries) {
        if (isDone()) {
            forget();
            return;
        }
        CompletableFuture<AsyncTransaction> beginning = place.begin(mode);
        begun = beginning;
        if (cancelled) {
            beginning.cancel(true);
        }
        beginning.whenComplete((tx, failure) -> {
            if (failure != null) {
                fail(failure);
            } else {
                run(tx, tries);
            }
        });
    }

    private void run(AsyncTransaction tx, int tries) {
        transaction = tx;
        if (isDone() || cancelled) {
            forget();
            tx.close();
            return;
        }
        CompletionStage<T> stage;
        try {
            stage = body.apply(tx);
        } catch (Throwable e) {
            end(tx, tries, null, e);
            return;
        }
        if (stage == null) {
            end(
                    tx,
                    tries,
                    null,
                    new IllegalStateException("the work in a transaction returned null instead of a stage"));
            return;
        }
        running = stage;
        if (cancelled) {
            cancel(stage);
        }
        stage.whenComplete((value, failure) -> end(tx, tries, value, failure));
    }

    private void end(AsyncTransaction tx, int tries, @Nullable T value, @Nullable Throwable thrown) {
        Throwable failure =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        tx.finish(failure, tries).whenComplete((outcome, refused) -> {
            if (outcome == null) {
                // Without a failure of its own it fails with what ended the connection.
                if (failure != null || refused != null) {
                    fail(failure != null ? failure : refused);
                }
            } else if (outcome.failure() == null) {
                forget();
                complete(value);
            } else if (outcome.again()) {
                CompletableFuture.delayedExecutor(TransactionStack.pauseMillis(tries), TimeUnit.MILLISECONDS, AGAIN)
                        .execute(() -> tryIt(tries + 1));
            } else {
                fail(outcome.failure());
            }
        });
    }

    private void fail(Throwable failure) {
        forget();
        if (!cancelled) {
            completeExceptionally(failure);
        }
    }

    private void forget() {
        place.lane().queue().notAtEnd(connectionEnded);
    }

    /** Cancels what runs in the transaction and rolls back; what has been committed stays. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (isDone()) {
            return isCancelled();
        }
        cancelled = true;
        forget();
        CompletableFuture<AsyncTransaction> beginning = begun;
        if (beginning != null) {
            beginning.cancel(true);
        }
        AsyncTransaction tx = transaction;
        if (tx != null) {
            tx.abort();
        }
        boolean done = super.cancel(mayInterruptIfRunning);
        CompletionStage<T> stage = running;
        if (stage != null) {
            cancel(stage);
        }
        return done;
    }

    private void cancel(CompletionStage<T> stage) {
        try {
            stage.toCompletableFuture().cancel(true);
        } catch (UnsupportedOperationException e) {
            LOG.log(Level.DEBUG, "the stage of the work in a cancelled transaction cannot be cancelled", e);
        }
    }
}
