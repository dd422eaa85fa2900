package dev.howdah;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be run in one place: on an asynchronous connection itself, or in a transaction of it. What is in it is
 * guarded by the lock of the queue.
 */
final class AsyncLane {

    private final AsyncQueue queue;
    private final @Nullable Transaction transaction;
    private final Deque<AsyncOperation<?>> waiting = new ArrayDeque<>();
    /** How many of them need not wait for transactions inside. */
    private int enders;

    private volatile boolean ended;

    /**
     * Makes an empty one.
     *
     * @param transaction whose it is, null for the connection itself
     */
    AsyncLane(AsyncQueue queue, @Nullable Transaction transaction) {
        this.queue = queue;
        this.transaction = transaction;
    }

    AsyncQueue queue() {
        return queue;
    }

    @Nullable
    Transaction transaction() {
        return transaction;
    }

    /** Returns whether nothing more runs here. */
    boolean isEnded() {
        return ended;
    }

    /** Has something run here when its turn comes. */
    <R> AsyncOperation<R> submit(@Nullable Duration limit, AsyncOperation.Work<R> work) {
        return queue.submit(new AsyncOperation<>(this, AsyncOperation.Kind.PLAIN, limit, work, null));
    }

    /** Has something run here that does not wait for the transactions inside. */
    <R> AsyncOperation<R> submitEnd(AsyncOperation.Kind kind, AsyncOperation.Work<R> work) {
        return queue.submit(new AsyncOperation<>(this, kind, null, work, null));
    }

    // With the lock

    int size() {
        return waiting.size();
    }

    @Nullable
    AsyncOperation<?> first() {
        return waiting.peekFirst();
    }

    void add(AsyncOperation<?> operation) {
        waiting.addLast(operation);
        if (operation.endsInner()) {
            enders++;
        }
    }

    boolean remove(AsyncOperation<?> operation) {
        boolean removed = waiting.remove(operation);
        if (removed && operation.endsInner()) {
            enders--;
        }
        return removed;
    }

    /** Returns the first of those that need not wait for transactions inside, or null. */
    @Nullable
    AsyncOperation<?> firstEnder() {
        if (enders == 0) {
            return null;
        }
        Iterator<AsyncOperation<?>> all = waiting.iterator();
        while (all.hasNext()) {
            AsyncOperation<?> next = all.next();
            if (next.endsInner()) {
                return next;
            }
        }
        return null;
    }

    /** Notes that nothing more runs here. */
    void end() {
        ended = true;
    }

    /** Takes out all that waits. */
    List<AsyncOperation<?>> drain() {
        List<AsyncOperation<?>> all = new ArrayList<>(waiting);
        waiting.clear();
        enders = 0;
        return all;
    }
}
