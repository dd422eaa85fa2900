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

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition quiet = lock.newCondition();
    private final Deque<SubscriptionEvent> events = new ArrayDeque<>();
    private final Consumer<SubscriptionEvent> teller;
    private final Executor executor;
    private final int capacity;
    private int waiting;
    private long received;
    private long delivered;
    private long lost;
    private boolean draining;
    private @Nullable Thread telling;
    private volatile boolean closed;

    /**
     * Makes an empty queue.
     *
     * @param capacity how many notifications may wait
     * @param executor runs the callbacks
     * @param teller calls them
     */
    SubscriptionQueue(int capacity, Executor executor, Consumer<SubscriptionEvent> teller) {
        this.capacity = capacity;
        this.executor = executor;
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
                if (waiting < capacity) {
                    events.addLast(new Arrived(notification));
                    waiting++;
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
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.WARNING, "the executor of a subscription takes no task; a virtual thread does it instead", e);
            onVirtualThread(this::drain);
        }
    }

    /** The executor of those who have none. */
    static void onVirtualThread(Runnable task) {
        Thread.ofVirtual().name("howdah-subscription-events").start(task);
    }

    private void drain() {
        for (SubscriptionEvent event = begin(); event != null; event = begin()) {
            try {
                teller.accept(event);
            } finally {
                end(event);
            }
        }
    }

    private @Nullable SubscriptionEvent begin() {
        lock.lock();
        try {
            SubscriptionEvent next = events.pollFirst();
            if (next == null) {
                draining = false;
            } else {
                telling = Thread.currentThread();
                waiting -= next instanceof Arrived ? 1 : 0;
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
