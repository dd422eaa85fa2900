package dev.howdah;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
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
    /** What the executor has taken, and has not run to the end; its own. */
    private Lot<Callback> hand = new Lot<>(0);
    /** How many these are, and how many bytes they keep. Written by the executor alone. */
    private final AtomicInteger waitingInHand = new AtomicInteger();

    private final AtomicLong bytesInHand = new AtomicLong();
    /** What has been offered and does not stand in the queue yet; of who has the connection's turn. */
    private Lot<Callback> offered = new Lot<>(1);
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
        wake(false);
        executor.wake();
    }

    /**
     * Puts a callback at the end with the next {@link #wake}, or drops it if there is no room then. Called by who has the
     * connection's turn.
     */
    void offer(Callback callback) {
        offered.add(callback, callback.bytes());
        if (offered.size() == Lot.FULL) {
            moveUp();
        }
    }

    /**
     * Has called what was offered: once for all that one read brought, for waking costs more than a callback.
     *
     * @param here the current thread calls {@link #callHere()} next
     */
    void wake(boolean here) {
        moveUp();
        if (unheard) {
            unheard = false;
            if (!here) {
                executor.wake();
            }
        }
    }

    /** Calls in the current thread, which has no lock and no turn, unless another one does or the user has chosen where. */
    void callHere() {
        executor.runHere();
    }

    private void moveUp() {
        Lot<Callback> lot = offered;
        if (lot.size() == 0) {
            return;
        }
        offered = lot.following();
        unheard = true;
        boolean filling;
        Change change = Change.NONE;
        lock.lock();
        try {
            if (hasRoom(lot)) {
                queue.add(new Calls(lot));
                waiting += lot.size();
                bytes += lot.bytes();
            } else {
                change = placeEach(lot.all());
            }
            filling = waiting > capacity / 2;
        } finally {
            lock.unlock();
        }
        if (filling) {
            // One read may bring more than there is room for.
            executor.wake();
        }
        if (change.full) {
            LOG.log(
                    Level.WARNING,
                    () -> "the listeners of " + describe() + " are too slow: the queue before them is full ("
                            + capacity + " events or " + MAX_BYTES + " bytes); what comes is dropped and counted until"
                            + " half of it is free");
        }
        if (change.lost > 0) {
            long lost = change.lost;
            LOG.log(Level.INFO, () -> "the queue of " + describe() + " has room again; " + lost + " events were lost");
        }
    }

    private boolean hasRoom(Lot<Callback> lot) {
        return flow == Flow.TAKING
                && waiting + waitingInHand.get() + lot.size() <= capacity
                && bytes + bytesInHand.get() + lot.bytes() <= MAX_BYTES;
    }

    /** Puts each that there is room for into the queue. */
    private Change placeEach(List<Callback> callbacks) {
        boolean full = false;
        long lost = 0;
        Lot<Callback> lot = new Lot<>(callbacks.size());
        for (Callback callback : callbacks) {
            Flow before = flow;
            long dropped = gap.total;
            lot = place(callback, lot);
            if (flow != before) {
                full |= flow == Flow.DROPPING;
                lost += flow == Flow.TAKING ? dropped : 0;
            }
        }
        enqueue(lot);
        return new Change(full, lost);
    }

    /** Puts a callback into a lot if there is room; returns the lot for the next one. */
    private Lot<Callback> place(Callback callback, Lot<Callback> lot) {
        Lot<Callback> next = lot;
        long size = callback.bytes();
        int count = waiting + waitingInHand.get();
        long kept = bytes + bytesInHand.get();
        if (flow == Flow.DROPPING && count <= capacity / 2 && kept <= MAX_BYTES / 2) {
            flow = Flow.TAKING;
        }
        if (flow == Flow.TAKING && (count >= capacity || kept + size > MAX_BYTES && count > 0)) {
            flow = Flow.DROPPING;
            enqueue(lot);
            next = new Lot<>(1);
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

    private void enqueue(Lot<Callback> lot) {
        if (lot.size() > 0) {
            queue.add(new Calls(lot));
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

    /** Runs what the executor has in hand, or takes something; returns how many things that was. */
    private int runNext() {
        Lot<Callback> lot = hand;
        if (!lot.hasNext()) {
            return takeNext() ? 1 : 0;
        }
        int before = lot.taken();
        guarded(() -> run(lot));
        return lot.taken() - before;
    }

    private void run(Lot<Callback> lot) {
        while (lot.hasNext()) {
            Callback next = lot.next();
            waitingInHand.setRelease(lot.size() - lot.taken());
            bytesInHand.setRelease(lot.hasNext() ? bytesInHand.getPlain() - next.bytes() : 0);
            next.run();
        }
    }

    private boolean takeNext() {
        Entry entry;
        lock.lock();
        try {
            if (connection == null) {
                return false;
            }
            entry = queue.poll();
            if (entry instanceof Calls(Lot<Callback> lot)) {
                waiting -= lot.size();
                bytes -= lot.bytes();
                waitingInHand.setRelease(lot.size());
                bytesInHand.setRelease(lot.bytes());
            }
        } finally {
            lock.unlock();
        }
        switch (entry) {
            case null -> {
                hand = new Lot<>(0);
                return false;
            }
            case Calls(Lot<Callback> lot) -> hand = lot;
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
            failed(e);
        }
    }

    /** Logs what code of the user's has thrown. */
    static void failed(Throwable cause) {
        LOG.log(Level.ERROR, "a listener failed; the others go on", cause);
    }

    /** What became of the queue: whether it is full now, and how many were lost until it has room again. */
    private record Change(boolean full, long lost) {
        static final Change NONE = new Change(false, 0);
    }

    /** What stands in the queue. */
    private sealed interface Entry {}

    /** Callbacks that came together. */
    private record Calls(Lot<Callback> lot) implements Entry {}

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
