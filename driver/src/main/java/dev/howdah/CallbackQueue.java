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

    /** How many are put into the queue at once, and taken from it. */
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
    private final Queue<Entry> queue = new ArrayDeque<>();
    private final SerialExecutor executor;
    private final int capacity;
    /** How many callbacks wait in the queue, and how many bytes they keep. */
    private int waiting;

    private long bytes;
    /** What the executor has taken and not run; its own. */
    private Queue<Callback> hand = new ArrayDeque<>(1);
    /** How many these are, and how many bytes they keep. Written by the executor alone. */
    private final AtomicInteger waitingInHand = new AtomicInteger();

    private final AtomicLong bytesInHand = new AtomicLong();
    /** What has been offered and does not stand in the queue yet; of who has the connection's turn. */
    private final List<Callback> offered = new ArrayList<>(AT_A_TIME);
    /** Something stands in the queue since the executor was woken last; likewise. */
    private boolean unheard;

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
            moveUp();
        }
    }

    /** Has called what was offered: once for all that one read brought, for waking costs more than a callback. */
    void wake() {
        moveUp();
        if (unheard) {
            unheard = false;
            executor.wake();
        }
    }

    private void moveUp() {
        if (offered.isEmpty()) {
            return;
        }
        unheard = true;
        boolean full = false;
        boolean filling;
        long lost = 0;
        lock.lock();
        try {
            Lot lot = new Lot(offered.size());
            for (Callback callback : offered) {
                Flow before = flow;
                long dropped = gap.total;
                lot = place(callback, lot);
                if (flow != before) {
                    full |= flow == Flow.DROPPING;
                    lost += flow == Flow.TAKING ? dropped : 0;
                }
            }
            enqueue(lot);
            filling = waiting > capacity / 2;
        } finally {
            lock.unlock();
        }
        offered.clear();
        if (filling) {
            // One read may bring more than there is room for.
            executor.wake();
        }
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

    /** Puts a callback into a lot if there is room; returns the lot for the next one. */
    private Lot place(Callback callback, Lot lot) {
        Lot next = lot;
        long size = callback.bytes();
        int count = waiting + waitingInHand.get();
        long kept = bytes + bytesInHand.get();
        if (flow == Flow.DROPPING && count <= capacity / 2 && kept <= MAX_BYTES / 2) {
            flow = Flow.TAKING;
        }
        if (flow == Flow.TAKING && (count >= capacity || kept + size > MAX_BYTES && count > 0)) {
            flow = Flow.DROPPING;
            enqueue(lot);
            next = new Lot(1);
            gap = new Gap();
            queue.add(gap);
        }
        if (flow == Flow.DROPPING) {
            gap.total++;
            callback.missed(gap);
        } else {
            next.add(callback, size);
            waiting++;
            bytes += size;
        }
        return next;
    }

    private void enqueue(Lot lot) {
        if (!lot.callbacks.isEmpty()) {
            queue.add(lot);
        }
    }

    /** Puts something at the end that is never dropped. */
    void add(Runnable last) {
        lock.lock();
        try {
            queue.add(new Last(last));
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
        Callback next = hand.poll();
        if (next == null) {
            return takeNext();
        }
        waitingInHand.setRelease(waitingInHand.getPlain() - 1);
        bytesInHand.setRelease(hand.isEmpty() ? 0 : bytesInHand.getPlain() - next.bytes());
        guarded(next::run);
        return true;
    }

    private boolean takeNext() {
        Entry entry;
        lock.lock();
        try {
            if (connection == null) {
                return false;
            }
            entry = queue.poll();
            if (entry instanceof Lot lot) {
                waiting -= lot.callbacks.size();
                bytes -= lot.bytes;
                waitingInHand.setRelease(lot.callbacks.size());
                bytesInHand.setRelease(lot.bytes);
            }
        } finally {
            lock.unlock();
        }
        switch (entry) {
            case null -> {
                return false;
            }
            case Lot lot -> hand = lot.callbacks;
            case Gap lost -> guarded(lost::tell);
            case Last last -> guarded(last.action);
        }
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

    /** What stands in the queue. */
    private sealed interface Entry {}

    /** Callbacks that came together. */
    private static final class Lot implements Entry {
        private final Queue<Callback> callbacks;
        private long bytes;

        Lot(int room) {
            this.callbacks = new ArrayDeque<>(room);
        }

        void add(Callback callback, long size) {
            callbacks.add(callback);
            bytes += size;
        }
    }

    /** What is never dropped. */
    private record Last(Runnable action) implements Entry {}

    /** What was dropped in a row, in the place of it. Grows while it is the last of the queue. */
    final class Gap implements Entry {
        private final IdentityHashMap<ListenerRegistry.Registration, Long> lost = new IdentityHashMap<>();
        private long total;

        void missedBy(ListenerRegistry.Registration registration) {
            lost.merge(registration, 1L, Long::sum);
        }

        private void tell() {
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
