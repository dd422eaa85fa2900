package dev.howdah;

import dev.howdah.SubscriptionEvent.Arrived;
import dev.howdah.SubscriptionEvent.Failed;
import dev.howdah.SubscriptionEvent.Overflow;
import dev.howdah.event.Notification;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription has to tell and has not told yet. Events are told one after another, with no lock held, on the
 * executor; a task of it runs as long as there is something to tell. Notifications that find it full are dropped, and an
 * {@link Overflow} stands in their place. Safe for several threads.
 */
final class SubscriptionQueue {

    private static final Logger LOG = System.getLogger(SubscriptionQueue.class.getName());
    /** What the notifications that wait may take in memory, roughly. */
    private static final long MAX_BYTES = 64L << 20;
    /** What one takes beside its text. */
    private static final int OVERHEAD = 100;
    /** After so many events a thread of the user's executor is given back, for others to use it. */
    private static final int EVENTS_AT_A_TIME = 256;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition quiet = lock.newCondition();
    private final Deque<SubscriptionEvent> events = new ArrayDeque<>();
    private final Consumer<SubscriptionEvent> teller;
    private final @Nullable Executor chosen;
    private final int capacity;
    private int waiting;
    private long bytes;
    private long received;
    private long delivered;
    private long lost;
    private boolean draining;
    private @Nullable Thread telling;
    private volatile boolean closed;
    private volatile boolean refused;

    /**
     * Makes an empty queue.
     *
     * @param capacity how many notifications may wait
     * @param chosen runs the callbacks; null for virtual threads
     * @param teller calls them, and does not throw
     */
    SubscriptionQueue(int capacity, @Nullable Executor chosen, Consumer<SubscriptionEvent> teller) {
        this.capacity = capacity;
        this.chosen = chosen;
        this.teller = teller;
    }

    /** Notifications have come, after so many that the connection could not keep. */
    void arrived(long dropped, List<Notification> notifications) {
        boolean overflown = false;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            received += dropped + notifications.size();
            if (dropped > 0) {
                overflown = drop(dropped);
            }
            for (Notification notification : notifications) {
                if (waiting < capacity && bytes < MAX_BYTES) {
                    events.addLast(new Arrived(notification));
                    count(notification, 1);
                } else {
                    overflown |= drop(1);
                }
            }
        } finally {
            lock.unlock();
        }
        if (overflown) {
            LOG.log(Level.WARNING, "a subscription loses notifications: its listeners are too slow");
        }
        drainSoon();
    }

    /** Notes that some are missing here; returns whether they are the first of a row. */
    private boolean drop(long more) {
        lost += more;
        if (events.peekLast() instanceof Overflow last) {
            last.add(more);
            return false;
        }
        Overflow overflow = new Overflow();
        overflow.add(more);
        events.addLast(overflow);
        return true;
    }

    /** Something else has happened. */
    void add(SubscriptionEvent event) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (event instanceof Failed && events.peekLast() instanceof Failed) {
                // A listener that does not keep up learns of the last one only: there may be any number of them.
                events.removeLast();
            }
            events.addLast(event);
        } finally {
            lock.unlock();
        }
        drainSoon();
    }

    private void drainSoon() {
        lock.lock();
        try {
            if (draining || events.isEmpty()) {
                return;
            }
            draining = true;
        } finally {
            lock.unlock();
        }
        startDraining();
    }

    /** The executor is called from a virtual thread, so that it may block, or run what it is given at once. */
    private void startDraining() {
        Thread.ofVirtual().name("howdah-subscription-events").start(() -> {
            if (chosen == null) {
                drain(Integer.MAX_VALUE);
                return;
            }
            try {
                chosen.execute(() -> drain(EVENTS_AT_A_TIME));
                refused = false;
            } catch (RejectedExecutionException e) {
                if (!refused) {
                    refused = true;
                    LOG.log(Level.WARNING, "an executor for callbacks takes none; a virtual thread runs them", e);
                }
                drain(EVENTS_AT_A_TIME);
            }
        });
    }

    private void drain(int most) {
        for (int i = 0; i < most; i++) {
            SubscriptionEvent event = begin();
            if (event == null) {
                return;
            }
            try {
                teller.accept(event);
            } finally {
                end(event);
            }
        }
        startDraining();
    }

    /** Counts one in, or out. */
    private void count(Notification notification, int sign) {
        waiting += sign;
        bytes += sign
                * (OVERHEAD
                        + (long) notification.channel().length()
                        + notification.payload().length());
    }

    private @Nullable SubscriptionEvent begin() {
        lock.lock();
        try {
            SubscriptionEvent next = events.pollFirst();
            if (next == null) {
                draining = false;
            } else {
                telling = Thread.currentThread();
                if (next instanceof Arrived arrived) {
                    count(arrived.notification(), -1);
                }
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void end(SubscriptionEvent event) {
        lock.lock();
        try {
            telling = null;
            delivered += event instanceof Arrived ? 1 : 0;
            quiet.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether callbacks may begin. */
    boolean isOpen() {
        return !closed;
    }

    /**
     * Drops what waits. No callback begins after this; one that runs is given so much time to end, unless it is the caller.
     */
    void close(Duration grace) {
        boolean interrupted = false;
        lock.lock();
        try {
            closed = true;
            events.clear();
            waiting = 0;
            bytes = 0;
            long nanos = grace.toNanos();
            while (telling != null && telling != Thread.currentThread() && nanos > 0) {
                long start = System.nanoTime();
                try {
                    nanos = quiet.awaitNanos(nanos);
                } catch (InterruptedException e) {
                    // Whoever closes wants it closed; the interrupt is for what he does next.
                    interrupted = true;
                    nanos -= System.nanoTime() - start;
                }
            }
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    int depth() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    long received() {
        lock.lock();
        try {
            return received;
        } finally {
            lock.unlock();
        }
    }

    long delivered() {
        lock.lock();
        try {
            return delivered;
        } finally {
            lock.unlock();
        }
    }

    long lost() {
        lock.lock();
        try {
            return lost;
        } finally {
            lock.unlock();
        }
    }
}
