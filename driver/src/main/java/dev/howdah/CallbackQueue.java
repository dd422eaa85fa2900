package dev.howdah;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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

    /** How many are taken from the queue at once. */
    private static final int AT_A_TIME = 128;

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
    /** What the executor has taken and not run; its own. */
    private final Queue<Runnable> hand = new ArrayDeque<>();
    /** How many callbacks wait in the queue, and how many bytes they keep. */
    private int waiting;

    private long bytes;
    /** Likewise in the hand. Written by the executor alone. */
    private final AtomicInteger waitingInHand = new AtomicInteger();

    private final AtomicLong bytesInHand = new AtomicLong();
    /** What has been offered since the last {@link #wake()}; of who has the connection's turn. */
    private final List<Callback> offered = new ArrayList<>();

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
        wake();
        executor.wake();
    }

    /**
     * Puts a callback at the end with the next {@link #wake()}, or drops it if there is no room then. Called by who has the
     * connection's turn.
     */
    void offer(Callback callback) {
        offered.add(callback);
        if (offered.size() == AT_A_TIME) {
            wake();
        }
    }

    /** Has called what was offered: once for all that one read brought, for waking costs more than a callback. */
    void wake() {
        if (offered.isEmpty()) {
            return;
        }
        boolean full = false;
        long lost = 0;
        lock.lock();
        try {
            for (Callback callback : offered) {
                Flow before = flow;
                long dropped = gap.total;
                place(callback);
                if (flow != before) {
                    full |= flow == Flow.DROPPING;
                    lost += flow == Flow.TAKING ? dropped : 0;
                }
            }
        } finally {
            lock.unlock();
        }
        offered.clear();
        executor.wake();
        if (full) {
            LOG.log(
                    Level.WARNING,
                    () -> "the listeners of " + describe() + " are too slow: the queue before them is full ("
                            + capacity + " events or " + MAX_BYTES + " bytes); what comes is dropped and counted until"
                            + " half of it is free");
        }
        if (lost > 0) {
            long total = lost;
            LOG.log(Level.INFO, () -> "the queue of " + describe() + " has room again; " + total + " events were lost");
        }
    }

    private void place(Callback callback) {
        long size = callback.bytes();
        int count = waiting + waitingInHand.get();
        long kept = bytes + bytesInHand.get();
        if (flow == Flow.DROPPING && count <= capacity / 2 && kept <= MAX_BYTES / 2) {
            flow = Flow.TAKING;
        }
        if (flow == Flow.TAKING && (count >= capacity || kept + size > MAX_BYTES && count > 0)) {
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
        if (hand.isEmpty()) {
            fillHand();
        }
        Runnable next = hand.poll();
        if (next == null) {
            return false;
        }
        if (next instanceof Waiting taken) {
            waitingInHand.setRelease(waitingInHand.getPlain() - 1);
            bytesInHand.setRelease(bytesInHand.getPlain() - taken.bytes());
        }
        guarded(next);
        return true;
    }

    private void fillHand() {
        lock.lock();
        try {
            if (connection == null) {
                return;
            }
            int count = 0;
            long kept = 0;
            while (hand.size() < AT_A_TIME && !(queue.peek() instanceof Gap && !hand.isEmpty())) {
                Runnable next = queue.poll();
                if (next == null) {
                    break;
                }
                hand.add(next);
                if (next instanceof Gap) {
                    // It may have grown until now; what comes from here on finds room.
                    break;
                }
                if (next instanceof Waiting taken) {
                    count++;
                    kept += taken.bytes();
                }
            }
            waiting -= count;
            bytes -= kept;
            waitingInHand.setRelease(count);
            bytesInHand.setRelease(kept);
        } finally {
            lock.unlock();
        }
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
