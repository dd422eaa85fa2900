package dev.howdah;

import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.pump.Lease;
import dev.howdah.session.SessionState;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one asynchronous connection, and the virtual thread that runs them one after another. There is a lane
 * for the connection and one for each transaction that is open, the innermost last; only the last one moves. Nothing waits
 * under the lock but for its condition, and nobody's code runs. An operation leaves the queue and has its completion put in
 * order in one step of it, so the end of the connection comes after all of them.
 */
@SuppressWarnings("FutureReturnValueIgnored") // timers
final class AsyncQueue {

    private static final Logger LOG = System.getLogger(AsyncQueue.class.getName());

    /** How long an operation that has been cut off may take to notice, before its stage is answered without it. */
    private static final long CUT_PATIENCE_MILLIS = 1_000;

    /** How long what is cancelled by a close may take to end. */
    private static final Duration CANCEL_GRACE = Duration.ofSeconds(5);

    /** Longer is none. */
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PgConnection db;
    private final Core core;
    private final Completions completions;
    private final Thread thread;
    private final AsyncLanes lanes;
    private final Set<Consumer<PgException>> atEnd = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile State state = State.OPEN;
    private @Nullable AsyncOperation<?> current;
    private @Nullable AsyncOperation<?> holder;

    private enum State {
        OPEN,
        /** Nothing new is taken; what is there runs. */
        CLOSING,
        /** Nothing more begins; what runs is being cancelled. */
        CUT,
        /** There is no connection any more. */
        ENDED
    }

    /** Takes over a connection; the current thread has to call {@link #work} next. */
    AsyncQueue(PgConnection db, Completions completions) {
        this.db = db;
        this.core = db.verbs().core();
        this.completions = completions;
        this.thread = Thread.currentThread();
        this.lanes = new AsyncLanes(this);
        core.events().atEnd(this::connectionEnded);
    }

    PgConnection db() {
        return db;
    }

    AsyncLane root() {
        return lanes.root();
    }

    /** Returns what completes stages. */
    Completions completions() {
        return completions;
    }

    boolean isOpen() {
        return state == State.OPEN && db.isOpen();
    }

    /** Returns how many operations have not begun. */
    int pending() {
        lock.lock();
        try {
            return lanes.pending();
        } finally {
            lock.unlock();
        }
    }

    // Operations come

    /** Has an operation run when its turn comes; on the connection's own thread at once, for there it would wait for itself. */
    <R> AsyncOperation<R> submit(AsyncOperation<R> operation) {
        boolean within = Thread.currentThread() == thread;
        boolean waits = false;
        Throwable refusal;
        lock.lock();
        try {
            refusal = refusal(operation.lane(), within);
            if (refusal == null && !within) {
                waits = current != null || holder != null || lanes.pending() > 0 || lanes.last() != operation.lane();
                if (waits && operation.isLimited()) {
                    operation.waiting();
                }
                lanes.add(operation);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (refusal != null) {
            operation.refused(refusal);
            operation.deliver();
        } else if (within) {
            operation.run(db);
            settle();
            operation.deliver();
        } else if (waits) {
            operation.startTimer();
        }
        return operation;
    }

    private @Nullable Throwable refusal(AsyncLane lane, boolean within) {
        if (state != State.OPEN) {
            return gone();
        } else if (lane.isEnded()) {
            return ended();
        } else if (within && lanes.last() != lane) {
            return new IllegalStateException("a transaction is open, and this code runs on the connection's own thread:"
                    + " what is given to the connection here would wait for itself; give it to the transaction");
        }
        return null;
    }

    private static IllegalStateException ended() {
        return new IllegalStateException("the transaction has ended");
    }

    /** Returns what to tell those who want to use a connection that there is no more. */
    private PgException gone() {
        if (core.session().state() instanceof SessionState.Lost lost) {
            return new ConnectionLostException(
                    "The connection was lost earlier and does not come back",
                    lost.cause() instanceof ConnectionLostException known ? known.lastWords() : null,
                    Delivery.NOT_SENT,
                    lost.cause());
        }
        return new ConnectionClosedException("close() was called", Delivery.NOT_SENT);
    }

    /** Has something told when there is no connection any more; at once if that is so. */
    void atEnd(Consumer<PgException> action) {
        atEnd.add(action);
        if (state == State.ENDED && atEnd.remove(action)) {
            action.accept(gone());
        }
    }

    void notAtEnd(Consumer<PgException> action) {
        atEnd.remove(action);
    }

    // Operations go

    /** Drops an operation that has not begun; interrupts one that runs, and only that. */
    void abandon(AsyncOperation<?> operation) {
        lock.lock();
        try {
            if (current == operation) {
                thread.interrupt();
            } else if (lanes.remove(operation)) {
                operation.begin();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Drops what waits in a transaction and those inside it, and interrupts what runs in them. */
    void abandonAll(AsyncLane outermost) {
        lock.lock();
        try {
            List<AsyncOperation<?>> dropped = new ArrayList<>();
            for (AsyncLane lane : lanes.from(outermost)) {
                dropped.addAll(lanes.drain(lane));
                if (current != null && current.lane() == lane) {
                    thread.interrupt();
                }
            }
            refuse(dropped, new CancellationException("the transaction has been cancelled"));
        } finally {
            lock.unlock();
        }
        completions.wake();
    }

    /** Answers an operation whose time passed before it began. */
    void expire(AsyncOperation<?> operation) {
        lock.lock();
        try {
            if (lanes.remove(operation)) {
                operation.expired();
                completions.put(operation);
            }
        } finally {
            lock.unlock();
        }
        completions.wake();
    }

    /** Has answered with the next wake what has been taken out of its lane; under the lock. */
    private void refuse(List<AsyncOperation<?>> dropped, Throwable why) {
        for (AsyncOperation<?> operation : dropped) {
            operation.begin();
            operation.refused(why);
            completions.put(operation);
        }
    }

    /** Lets the others go on after an operation of {@link AsyncOperation.Kind#HOLD}. */
    void release(AsyncOperation<?> held) {
        lock.lock();
        try {
            if (holder == held) {
                holder = null;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Makes a lane for a transaction that has just begun; on the connection's thread. */
    AsyncLane opened(Transaction transaction) {
        lock.lock();
        try {
            return lanes.open(transaction);
        } finally {
            lock.unlock();
        }
    }

    // The thread

    /** Runs operations until there is no connection any more. */
    void work() {
        for (AsyncOperation<?> next = take(); next != null; next = take()) {
            if (next.kind() == AsyncOperation.Kind.HOLD) {
                grant(next);
            } else {
                next.run(db);
                settle();
                finished(next);
            }
        }
        try {
            db.close();
        } finally {
            end();
        }
    }

    /** Waits for the next operation; null if none will come. */
    private @Nullable AsyncOperation<?> take() {
        while (true) {
            Transaction forgotten;
            lock.lock();
            try {
                AsyncOperation<?> next = null;
                forgotten = null;
                while (next == null && forgotten == null) {
                    if (state == State.ENDED || !db.isOpen()) {
                        return null;
                    }
                    if (holder == null && state != State.CUT) {
                        next = lanes.select();
                        if (next == null && state == State.CLOSING) {
                            forgotten = lanes.last().transaction();
                            if (forgotten == null) {
                                return null;
                            }
                        }
                    }
                    if (next == null && forgotten == null) {
                        changed.awaitUninterruptibly();
                    }
                }
                if (next != null) {
                    current = next;
                    next.begin();
                    return next;
                }
            } finally {
                lock.unlock();
            }
            if (forgotten != null) {
                rollBack(forgotten);
            }
        }
    }

    /** Nobody can end it any more: nothing new is taken. */
    private void rollBack(Transaction forgotten) {
        try {
            forgotten.close();
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "a transaction could not be rolled back before the connection was closed", e);
        }
        settle();
    }

    @SuppressWarnings("unchecked") // operations that hold the connection yield a lease
    private void grant(AsyncOperation<?> next) {
        AsyncOperation<@Nullable Lease> held = (AsyncOperation<@Nullable Lease>) next;
        Lease lease = core.pump().leases().ofCurrentThread();
        lock.lock();
        try {
            current = null;
            Thread.interrupted();
            holder = held;
        } finally {
            lock.unlock();
        }
        if (!held.complete(lease)) {
            release(held);
        }
    }

    private void finished(AsyncOperation<?> operation) {
        lock.lock();
        try {
            current = null;
            // One that came late was for the operation that has ended.
            Thread.interrupted();
            completions.put(operation);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        completions.wake();
    }

    /** Closes the lanes of the transactions that have ended. */
    private void settle() {
        lock.lock();
        try {
            List<AsyncOperation<?>> dropped = lanes.closeEnded();
            if (dropped.isEmpty()) {
                return;
            }
            refuse(dropped, ended());
        } finally {
            lock.unlock();
        }
        completions.wake();
    }

    // The end

    /**
     * Takes nothing new, and closes the connection when all that is there has run.
     *
     * @param grace how long that may take, before what is left is cancelled
     */
    CompletableFuture<Void> close(Duration grace) {
        boolean ending;
        lock.lock();
        try {
            ending = state != State.ENDED;
            if (state == State.OPEN) {
                state = State.CLOSING;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (ending) {
            if (grace.isZero() || grace.isNegative()) {
                startCut(Duration.ZERO);
            } else {
                closed.copy()
                        .completeOnTimeout(null, nanos(grace), TimeUnit.NANOSECONDS)
                        .thenRun(() -> startCut(CANCEL_GRACE));
            }
        }
        return closed.copy();
    }

    private static long nanos(Duration grace) {
        return grace.compareTo(FOR_EVER) > 0 ? FOR_EVER.toNanos() : grace.toNanos();
    }

    private void startCut(Duration grace) {
        if (state != State.ENDED) {
            Thread.ofVirtual().name("howdah-async-close").start(() -> cut(grace));
        }
    }

    /** Cancels what runs, and answers everybody. */
    private void cut(Duration grace) {
        lock.lock();
        try {
            if (state == State.ENDED) {
                return;
            }
            state = State.CUT;
        } finally {
            lock.unlock();
        }
        core.pump().close(grace);
        core.events().terminated(null);
        AsyncOperation<?> stuck = awaitCut();
        if (stuck != null) {
            PgException why = new ConnectionClosedException("close() was called meanwhile", Delivery.UNKNOWN);
            completions.add(() -> stuck.completeExceptionally(why));
            end();
        }
    }

    /** Waits until what runs has noticed; returns it if it has not, for code of the user's may take its time. */
    private @Nullable AsyncOperation<?> awaitCut() {
        lock.lock();
        try {
            changed.signalAll();
            for (int tries = 0; current != null && tries < 2; tries++) {
                long nanos = TimeUnit.MILLISECONDS.toNanos(CUT_PATIENCE_MILLIS);
                while (current != null && nanos > 0) {
                    nanos = changed.awaitNanos(nanos);
                }
                if (current != null) {
                    thread.interrupt();
                }
            }
            return current;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return current;
        } finally {
            lock.unlock();
        }
    }

    /** Called by whoever notices; what runs now is answered first. */
    private void connectionEnded() {
        boolean idle;
        lock.lock();
        try {
            idle = current == null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (idle) {
            end();
        }
    }

    /** Answers everybody who waits, once. */
    private void end() {
        PgException why;
        lock.lock();
        try {
            if (state == State.ENDED) {
                return;
            }
            state = State.ENDED;
            holder = null;
            why = gone();
            refuse(lanes.end(), why);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        for (Consumer<PgException> action : List.copyOf(atEnd)) {
            if (atEnd.remove(action)) {
                completions.add(() -> action.accept(why));
            }
        }
        completions.add(() -> closed.complete(null));
    }
}
