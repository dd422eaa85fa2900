package dev.howdah;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The callbacks of one connection that have not run, in the order of what caused them. It holds so many and so many bytes.
 * What comes when it is full is dropped and counted, until half of it is free again; who missed something is told in its
 * place.
 */
final class CallbackQueue {

    private static final Logger LOG = System.getLogger(CallbackQueue.class.getName());

    /** How many bytes of text and the like may wait, roughly. */
    static final long MAX_BYTES = 64L * 1024 * 1024;

    /** Something to call. */
    interface Callback {

        /** Calls whom it concerns; what is thrown is logged. */
        void run();

        /** Returns about how many bytes it keeps. */
        long bytes();

        /** Notes in the gap who misses it. */
        void missed(Gap gap);
    }

    private enum Flow {
        TAKING,
        DROPPING
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Runnable> queue = new ArrayDeque<>();
    private final SerialExecutor executor;
    private final int capacity;
    private int waiting;
    private long bytes;
    private Flow flow = Flow.TAKING;
    private Gap gap = new Gap();
    private volatile @Nullable PgConnection connection;

    CallbackQueue(int capacity, @Nullable Executor chosen) {
        this.capacity = capacity;
        this.executor = new SerialExecutor(chosen, this::runNext);
    }

    /** Begins to call; callbacks get this connection. */
    void begin(PgConnection owner) {
        lock.lock();
        try {
            connection = owner;
        } finally {
            lock.unlock();
        }
        executor.wake();
    }

    /** Puts a callback at the end, or drops it if there is no room. */
    void offer(Callback callback) {
        Flow before;
        Flow after;
        long lost;
        lock.lock();
        try {
            before = flow;
            lost = gap.total;
            after = place(callback);
        } finally {
            lock.unlock();
        }
        if (after == Flow.TAKING) {
            executor.wake();
        }
        if (before == after) {
            return;
        }
        if (after == Flow.DROPPING) {
            LOG.log(
                    Level.WARNING,
                    () -> "the listeners of " + describe() + " are too slow: the queue before them is full ("
                            + capacity + " events or " + MAX_BYTES + " bytes); what comes is dropped and counted until"
                            + " half of it is free");
        } else {
            LOG.log(Level.INFO, () -> "the queue of " + describe() + " has room again; " + lost + " events were lost");
        }
    }

    private Flow place(Callback callback) {
        long size = callback.bytes();
        if (flow == Flow.DROPPING && waiting <= capacity / 2 && bytes <= MAX_BYTES / 2) {
            flow = Flow.TAKING;
        }
        if (flow == Flow.TAKING && (waiting >= capacity || bytes + size > MAX_BYTES && waiting > 0)) {
            flow = Flow.DROPPING;
            gap = new Gap();
            queue.add(gap);
        }
        if (flow == Flow.DROPPING) {
            gap.total++;
            callback.missed(gap);
        } else {
            queue.add(new Waiting(callback, size));
            waiting++;
            bytes += size;
        }
        return flow;
    }

    /** Puts something at the end that is never dropped. */
    void add(Runnable last) {
        lock.lock();
        try {
            queue.add(last);
        } finally {
            lock.unlock();
        }
        executor.wake();
    }

    private String describe() {
        PgConnection owner = connection;
        return owner == null
                ? "a connection"
                : "the connection with backend " + owner.info().backendPid();
    }

    private boolean runNext() {
        Runnable next;
        lock.lock();
        try {
            if (connection == null) {
                return false;
            }
            next = queue.poll();
            if (next instanceof Waiting taken) {
                waiting--;
                bytes -= taken.bytes();
            }
        } finally {
            lock.unlock();
        }
        if (next == null) {
            return false;
        }
        guarded(next);
        return true;
    }

    /** Runs code of the user's. */
    static void guarded(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "a listener failed; the others go on", e);
        }
    }

    private record Waiting(Callback callback, long bytes) implements Runnable {
        @Override
        public void run() {
            callback.run();
        }
    }

    /** What was dropped in a row, in the place of it. Grows while it is the last of the queue. */
    final class Gap implements Runnable {
        private final IdentityHashMap<ListenerRegistry.Registration, Long> lost = new IdentityHashMap<>();
        private long total;

        void missedBy(ListenerRegistry.Registration registration) {
            lost.merge(registration, 1L, Long::sum);
        }

        @Override
        public void run() {
            PgConnection owner = connection;
            if (owner == null) {
                return;
            }
            IdentityHashMap<NotificationListener, Long> byListener = new IdentityHashMap<>();
            lost.forEach((registration, count) -> {
                if (!registration.isEnded()) {
                    byListener.merge(registration.listener(), count, Long::sum);
                }
            });
            byListener.forEach((listener, count) -> guarded(() -> listener.onOverflow(owner, count)));
        }
    }
}
