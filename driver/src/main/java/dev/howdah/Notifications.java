package dev.howdah;

import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.event.Notification;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The notifications that have arrived and that nobody has taken, in the order of arrival; this session's own are among
 * them. Waiting for them keeps nobody from using the connection. Safe for several threads.
 *
 * <p>Collecting begins when {@link PgConnection#notifications()} is first called. At most {@value #CAPACITY} are kept:
 * when more arrive, the oldest are dropped and counted by {@link #dropped()}.
 */
public final class Notifications implements Iterable<Notification> {

    /** How many notifications are kept. */
    public static final int CAPACITY = 1_000_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Notification> queue = new ArrayDeque<>();
    private final Consumer<Boolean> watch;
    private long dropped;
    private boolean ended;
    private @Nullable PgException endedBy;

    Notifications(Consumer<Boolean> watch) {
        this.watch = watch;
    }

    void add(Notification notification) {
        lock.lock();
        try {
            if (queue.size() == CAPACITY) {
                queue.remove();
                dropped++;
            }
            queue.add(notification);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Drops what has arrived, and the count of what was dropped. */
    void clear() {
        lock.lock();
        try {
            queue.clear();
            dropped = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes whoever waits: nothing more will come. */
    void end(@Nullable PgException cause) {
        lock.lock();
        try {
            ended = true;
            endedBy = cause;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the oldest notification, or null if there is none now. Does not wait and sends nothing. */
    public @Nullable Notification poll() {
        lock.lock();
        try {
            return queue.poll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a notification.
     *
     * @param timeout how long to wait at most
     * @return the oldest, or null if none came in time or the connection was closed
     * @throws PgException why the connection was lost, once all that arrived before has been taken
     * @throws InterruptedWaitException if the thread was interrupted; its flag is set again
     */
    public @Nullable Notification poll(Duration timeout) {
        watch.accept(true);
        lock.lock();
        try {
            long nanos = timeout.compareTo(Duration.ofDays(36_500)) > 0 ? Long.MAX_VALUE : timeout.toNanos();
            while (queue.isEmpty() && !ended && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            if (queue.isEmpty() && endedBy != null) {
                throw endedBy;
            }
            return queue.poll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedWaitException(Delivery.NOT_SENT, e);
        } finally {
            lock.unlock();
        }
    }

    /** Returns all that have arrived. Does not wait and sends nothing. */
    public List<Notification> drain() {
        lock.lock();
        try {
            List<Notification> all = new ArrayList<>(queue);
            queue.clear();
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many wait to be taken. */
    public int size() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many were dropped because nobody took them. */
    public long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns an iterator that takes one notification after another and waits for the next; it ends when the connection
     * is closed, and throws when it is lost.
     */
    @Override
    public Iterator<Notification> iterator() {
        return new Iterator<>() {
            private @Nullable Notification next;

            @Override
            public boolean hasNext() {
                if (next == null) {
                    next = poll(Duration.ofSeconds(Long.MAX_VALUE));
                }
                return next != null;
            }

            @Override
            public Notification next() {
                if (!hasNext() || next == null) {
                    throw new NoSuchElementException("the connection has been closed");
                }
                Notification taken = next;
                next = null;
                return taken;
            }
        };
    }
}
