package dev.howdah;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of an asynchronous connection: its own, and one for each transaction that is open, the innermost last. Only the
 * last one moves. Guarded by the lock of the queue.
 */
final class AsyncLanes {

    private final AsyncQueue queue;
    private final AsyncLane root;
    private final List<AsyncLane> open = new ArrayList<>();
    private long orders;
    private int pending;

    AsyncLanes(AsyncQueue queue) {
        this.queue = queue;
        this.root = new AsyncLane(queue, null);
        open.add(root);
    }

    /** Returns the connection's own; needs no lock. */
    AsyncLane root() {
        return root;
    }

    AsyncLane last() {
        return open.getLast();
    }

    /** Returns how many operations have not begun. */
    int pending() {
        return pending;
    }

    /** Makes the lane of a transaction that has just begun. */
    AsyncLane open(Transaction transaction) {
        AsyncLane lane = new AsyncLane(queue, transaction);
        open.add(lane);
        return lane;
    }

    /** Puts an operation behind all others of its lane. */
    void add(AsyncOperation<?> operation) {
        operation.order(++orders);
        operation.lane().add(operation);
        pending++;
    }

    /** Takes an operation out; returns whether it was there. */
    boolean remove(AsyncOperation<?> operation) {
        boolean removed = operation.lane().remove(operation);
        if (removed) {
            pending--;
        }
        return removed;
    }

    /** Returns the operation whose turn it is, out of its lane; null if there is none. */
    @Nullable
    AsyncOperation<?> select() {
        AsyncOperation<?> first = open.getLast().first();
        for (AsyncLane lane : open.subList(0, open.size() - 1)) {
            AsyncOperation<?> ender = lane.firstEnder();
            if (ender != null && (first == null || ender.order() < first.order())) {
                first = ender;
            }
        }
        if (first != null) {
            remove(first);
        }
        return first;
    }

    /** Returns a lane and those inside it; none if it has ended. */
    List<AsyncLane> from(AsyncLane outermost) {
        int from = open.indexOf(outermost);
        return from < 0 ? List.of() : List.copyOf(open.subList(from, open.size()));
    }

    /** Takes out all that waits in a lane. */
    List<AsyncOperation<?>> drain(AsyncLane lane) {
        List<AsyncOperation<?>> drained = lane.drain();
        pending -= drained.size();
        return drained;
    }

    /** Closes the lanes of the transactions that have ended; returns what waited there. */
    List<AsyncOperation<?>> closeEnded() {
        List<AsyncOperation<?>> dropped = new ArrayList<>();
        for (Transaction inner = last().transaction(); inner != null && !inner.isOpen(); inner = last().transaction()) {
            AsyncLane lane = open.removeLast();
            lane.end();
            dropped.addAll(drain(lane));
        }
        return dropped;
    }

    /** Closes all lanes; returns what waited there, in the order in which it came. */
    List<AsyncOperation<?>> end() {
        List<AsyncOperation<?>> dropped = new ArrayList<>();
        for (AsyncLane lane : open) {
            lane.end();
            dropped.addAll(drain(lane));
        }
        dropped.sort(Comparator.comparingLong(AsyncOperation::order));
        return dropped;
    }
}
