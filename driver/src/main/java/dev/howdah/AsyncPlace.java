package dev.howdah;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an asynchronous connection and a transaction of it have in common: where operations are run. */
abstract class AsyncPlace extends AsyncVerbs {

    /** Only connections and transactions are made of this. */
    AsyncPlace(AsyncLane lane) {
        super(lane, lane.queue().db().verbs());
    }

    /**
     * Runs blocking code as one operation, on the connection's own virtual thread: everything that a {@link PgConnection}
     * can do is possible so. It may take as long as it likes; only this connection waits for it. Cancelling the stage
     * interrupts the thread. Operations that it gives to the asynchronous connection itself run within it at once, and their
     * stages are done when it gets them.
     *
     * <p>It should leave nothing open behind that belongs to the thread: a stream that it does not close refuses the
     * operations that follow.
     *
     * @param work gets the connection below, which it may keep no longer than it runs
     * @return what the work returned; fails with what it threw
     */
    public <R extends @Nullable Object> CompletableFuture<R> run(Function<? super PgConnection, ? extends R> work) {
        Objects.requireNonNull(work, "work");
        return lane().<R>submit(null, (db, left) -> work.apply(db));
    }

    /** Runs a verb that yields nothing. */
    final CompletableFuture<Void> perform(Consumer<PgConnection> verb) {
        return lane().submit(verbs().limits().timeout(), (db, left) -> {
            verb.accept(db);
            return null;
        });
    }

    /** Begins a transaction with the session's modes; inside another one, a savepoint. */
    public CompletableFuture<AsyncTransaction> begin() {
        return begin(TransactionMode.DEFAULT);
    }

    /** Begins a transaction of that isolation, otherwise with the session's modes. */
    public CompletableFuture<AsyncTransaction> begin(Isolation isolation) {
        return begin(TransactionMode.of(isolation));
    }

    /**
     * Begins a transaction when its turn comes; see {@link PgConnection#begin(TransactionMode)}. From then on until it has
     * ended, only what is given to the {@link AsyncTransaction} is run.
     *
     * @return if it is cancelled, or completed by somebody else before, the transaction is rolled back
     */
    @SuppressWarnings("FutureReturnValueIgnored") // who would have to know that it is rolled back has gone
    public CompletableFuture<AsyncTransaction> begin(TransactionMode mode) {
        Objects.requireNonNull(mode, "mode");
        AsyncLane lane = lane();
        return lane.queue()
                .submit(new AsyncOperation<>(
                        lane,
                        AsyncOperation.Kind.PLAIN,
                        verbs().limits().timeout(),
                        (db, left) -> AsyncTransaction.begin(lane, db, mode),
                        AsyncTransaction::close));
    }

    /** Runs work in a transaction with the session's modes; see {@link #inTransaction(TransactionMode, Function)}. */
    public <T extends @Nullable Object> CompletableFuture<T> inTransaction(
            Function<? super AsyncTransaction, ? extends CompletionStage<T>> body) {
        return inTransaction(TransactionMode.DEFAULT, body);
    }

    /** Runs work in a transaction of that isolation; see {@link #inTransaction(TransactionMode, Function)}. */
    public <T extends @Nullable Object> CompletableFuture<T> inTransaction(
            Isolation isolation, Function<? super AsyncTransaction, ? extends CompletionStage<T>> body) {
        return inTransaction(TransactionMode.of(isolation), body);
    }

    /**
     * Runs work in a transaction: committed when its stage completes, rolled back when that fails or the work throws. When
     * the server refuses it with 40001 (serialization failure) or 40P01 (deadlock) it is run again in a new one, up to 10
     * times in all, after a short random pause that grows; also when the work took that failure for itself and went on.
     * Inside another transaction it is a savepoint and is not run again.
     *
     * <p>Cancelling the stage cancels what runs in the transaction, and the stage that the work gave, and rolls back. When the
     * connection ends the stage fails, also if that of the work never completes.
     *
     * @param body called where stages are completed; it may be called several times, and has to use the transaction that it
     *     is given: what it gives to the connection and waits for would wait for ever
     * @return what the work's stage yielded, when it has been committed; fails with what that failed with
     */
    public <T extends @Nullable Object> CompletableFuture<T> inTransaction(
            TransactionMode mode, Function<? super AsyncTransaction, ? extends CompletionStage<T>> body) {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(body, "body");
        AsyncUnit<T> unit = new AsyncUnit<>(this, mode, body);
        unit.start();
        return unit;
    }

    /** Sets a savepoint; see {@link PgConnection#savepoint}. */
    public CompletableFuture<Void> savepoint(String name) {
        return perform(db -> db.savepoint(name));
    }

    /**
     * Undoes what was done since a savepoint was set; see {@link PgConnection#rollbackTo}. Transactions inside are not waited
     * for: those that began after the savepoint have ended.
     */
    public CompletableFuture<Void> rollbackTo(String name) {
        return lane().submitEnd(AsyncOperation.Kind.ENDS_INNER, (db, left) -> {
            db.rollbackTo(name);
            return null;
        });
    }

    /** Forgets a savepoint; see {@link PgConnection#release}. */
    public CompletableFuture<Void> release(String name) {
        return perform(db -> db.release(name));
    }

    /**
     * Makes a cursor, by the options' {@link ConnectOptions#cursorFactory()} if there is one. Sends nothing.
     *
     * @throws IllegalStateException if the factory gave none, or one of another connection
     */
    public AsyncCursor<Cursor> cursor() {
        return new AsyncCursor<>(this, lane().queue().db().cursor());
    }

    /**
     * Makes a cursor of a class of your own. Sends nothing.
     *
     * @param factory usually a constructor, as in {@code LoggingCursor::new}
     * @throws IllegalStateException if it gave none, or one of another connection
     */
    public <C extends Cursor> AsyncCursor<C> cursor(CursorFactory<C> factory) {
        return new AsyncCursor<>(this, lane().queue().db().cursor(factory));
    }

    /**
     * Makes a cursor of the server, whose rows come page by page. Sends nothing.
     *
     * @param name as it is, not quoted; at most 63 bytes in UTF-8
     * @throws IllegalArgumentException if it cannot be a name
     */
    public AsyncServerCursor<ServerCursor> cursor(String name) {
        return new AsyncServerCursor<>(this, lane().queue().db().cursor(name));
    }

    /**
     * Makes a cursor of the server of a class of your own. Sends nothing.
     *
     * @param name as it is, not quoted; at most 63 bytes in UTF-8
     * @throws IllegalArgumentException if it cannot be a name
     * @throws IllegalStateException if the factory gave none, or one of another connection or name
     */
    public <C extends ServerCursor> AsyncServerCursor<C> cursor(String name, ServerCursorFactory<C> factory) {
        return new AsyncServerCursor<>(this, lane().queue().db().cursor(name, factory));
    }

    /** Returns the large objects, whose calls are operations here. */
    public AsyncLargeObjects largeObjects() {
        return new AsyncLargeObjects(lane(), verbs().limits().timeout());
    }
}
