package dev.howdah;

import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.event.Notification;
import dev.howdah.pump.Waiter;
import dev.howdah.pump.WatchingThread;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The notifications that have arrived and that nobody has taken, in the order of arrival; this session's own are among
 * them. Listeners get theirs beside it. Waiting for them keeps nobody from using the connection; the idle connection is
 * watched only while somebody waits or has subscribed. Safe for several threads.
 *
 * <p>A thread that waits here reads the connection itself while nobody uses it and nobody else wants to hear what comes, so it has a
 * notification sooner, and for less CPU, than a listener, which another thread has to wake. What comes in bulk, many kilobytes without
 * a pause, may be let gather for a few milliseconds.
 *
 * <p>Collecting begins when {@link PgConnection#notifications()} is first called. At most {@value #CAPACITY} are kept, and
 * 64 MiB: when more arrive, the oldest are dropped and counted by {@link #dropped()}.
 */
public final class Notifications implements Iterable<Notification> {

    /** How many notifications are kept. */
    public static final int CAPACITY = 1_000_000;

    private static final Logger LOG = System.getLogger(Notifications.class.getName());
    /** What a notification costs beside its text, roughly. */
    private static final long OVERHEAD = 100;

    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** What came together, the oldest first; none is taken to its end. */
    private final Deque<Lot<Notification>> queue = new ArrayDeque<>();
    /** What one read has brought until now; of who has the connection's turn. */
    private Lot<Notification> arrived = new Lot<>(1);

    private final Source source;
    private final NotificationPublisher publisher;
    private volatile @Nullable WatchingThread watching;
    /** How many there are to be taken, and their bytes. */
    private int count;

    private long bytes;
    private long dropped;
    /** Somebody takes from here, and is warned if something is dropped. */
    private boolean used;

    private boolean ended;
    private @Nullable PgException endedBy;

    /** Where notifications come from. */
    interface Source {

        /** Says that so many more wait for notifications, or so many fewer. */
        void waiting(int more);

        /**
         * Has the current thread watch the connection itself, in place of another that would have to wake it.
         *
         * @return null if it cannot, or others want to hear what comes, too
         */
        @Nullable
        WatchingThread watchHere();

        /** Returns whether notifications come while nobody uses the connection. */
        boolean canWait();

        /** Takes what has arrived, without waiting. */
        void hear();
    }

    Notifications(Source source, int queueCapacity, @Nullable Executor executor) {
        this.source = source;
        this.publisher = new NotificationPublisher(queueCapacity, executor, source::waiting);
    }

    /** Notes one; it can be had when what came with it has been {@linkplain #heard() heard}. Called by who has the turn. */
    void add(Notification notification) {
        arrived.add(notification, size(notification));
        if (arrived.size() == Lot.FULL) {
            heard();
        }
    }

    /** Lets what has come be taken: once for all that one read brought, for waking costs more than a notification. */
    void heard() {
        Lot<Notification> lot = arrived;
        if (lot.size() == 0) {
            return;
        }
        arrived = lot.following();
        boolean warn = false;
        lock.lock();
        try {
            enqueue(lot);
            count += lot.size();
            bytes += lot.bytes();
            while (count > CAPACITY || bytes > CallbackQueue.MAX_BYTES && count > 1) {
                take();
                warn |= used && dropped == 0;
                dropped++;
            }
            if (lot.size() == 1) {
                changed.signal();
            } else {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        wakeWatching();
        if (warn) {
            LOG.log(
                    Level.WARNING,
                    "nobody takes the notifications that have arrived as fast as they come; the oldest are dropped and"
                            + " counted by dropped()");
        }
        publisher.add(lot.all());
    }

    /** Returns about how many bytes one keeps. */
    static long size(Notification notification) {
        return OVERHEAD
                + notification.channel().length()
                + notification.payload().length();
    }

    private void enqueue(Lot<Notification> lot) {
        Lot<Notification> last = queue.peekLast();
        if (last != null && last.size() + lot.size() <= Lot.FULL) {
            last.addAll(lot);
        } else {
            queue.add(lot);
        }
    }

    private @Nullable Notification take() {
        Lot<Notification> lot = queue.peek();
        if (lot == null) {
            return null;
        }
        Notification first = lot.next();
        if (!lot.hasNext()) {
            queue.remove();
        }
        count--;
        bytes -= size(first);
        return first;
    }

    /** Drops what has arrived, and the count of what was dropped. */
    void clear() {
        lock.lock();
        try {
            forget();
            dropped = 0;
        } finally {
            lock.unlock();
        }
    }

    private void forget() {
        queue.clear();
        count = 0;
        bytes = 0;
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
        wakeWatching();
        publisher.end(cause);
    }

    private void wakeWatching() {
        WatchingThread thread = watching;
        if (thread != null) {
            thread.wakeup();
        }
    }

    /** Returns the oldest notification, or null if there is none now. Does not wait and sends nothing. */
    public @Nullable Notification poll() {
        Notification first = pollArrived();
        if (first == null) {
            source.hear();
            first = pollArrived();
        }
        return first;
    }

    private @Nullable Notification pollArrived() {
        lock.lock();
        try {
            used = true;
            return take();
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
     * @throws IllegalStateException on a {@link PollingConnection}, if none has arrived
     */
    public @Nullable Notification poll(Duration timeout) {
        // To wait takes what has come, too.
        boolean waits = source.canWait() && timeout.isPositive();
        Notification first = waits ? pollArrived() : poll();
        if (first != null) {
            return first;
        }
        if (!source.canWait()) {
            throw new IllegalStateException(
                    "a polling connection hears notifications when it is polled: call its poll(), then poll() here");
        }
        long deadline = timeout.compareTo(FOR_EVER) > 0 ? Long.MAX_VALUE : System.nanoTime() + timeout.toNanos();
        WatchingThread here = source.watchHere();
        source.waiting(1);
        try {
            if (here == null) {
                return await(deadline);
            }
            watching = here;
            return watch(here, deadline);
        } finally {
            if (here != null) {
                watching = null;
                here.leave();
            }
            source.waiting(-1);
        }
    }

    /** Waits until somebody else has read one. */
    private @Nullable Notification await(long deadline) {
        lock.lock();
        try {
            long nanos = deadline == Long.MAX_VALUE ? deadline : deadline - System.nanoTime();
            while (queue.isEmpty() && !ended && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return takeOrEnd();
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    /** Watches the connection until one has been read. */
    private @Nullable Notification watch(WatchingThread here, long deadline) {
        try {
            Waiter.Woken woken = Waiter.Woken.READY;
            while (woken == Waiter.Woken.READY) {
                lock.lock();
                try {
                    if (!queue.isEmpty() || ended) {
                        return takeOrEnd();
                    }
                } finally {
                    lock.unlock();
                }
                woken = here.await(deadline);
            }
            if (woken == Waiter.Woken.INTERRUPTED) {
                throw interrupted(null);
            }
            return pollArrived();
        } catch (IOException e) {
            // The connection has ended; who ended it says so here next.
            return await(deadline);
        }
    }

    private @Nullable Notification takeOrEnd() {
        if (queue.isEmpty() && endedBy != null) {
            throw endedBy;
        }
        return take();
    }

    private static InterruptedWaitException interrupted(@Nullable InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new InterruptedWaitException(Delivery.NOT_SENT, cause);
    }

    /** Returns all that have arrived. Does not wait and sends nothing. */
    public List<Notification> drain() {
        source.hear();
        lock.lock();
        try {
            used = true;
            List<Notification> all = new ArrayList<>(count);
            queue.forEach(lot -> all.addAll(lot.rest()));
            forget();
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many wait to be taken. */
    public int size() {
        source.hear();
        lock.lock();
        try {
            return count;
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

    /**
     * Returns the notifications as a stream of events, beside what is taken here: each subscriber gets all that arrive
     * after {@code subscribe} has returned, as many as it asks for, one after another, where listeners run (see {@link
     * NotificationListener}); what it throws ends its subscription.
     *
     * <p>For one that asks too slowly {@link ConnectOptions#notificationQueue()} notifications wait, and 64 MiB; one more
     * ends its subscription with a {@link dev.howdah.event.NotificationOverflowException}. When the connection is closed
     * and all that came before has been given, the subscription completes; when it is lost, it ends with the cause.
     *
     * @return the same publisher each time; it follows the rules of Reactive Streams
     */
    public Flow.Publisher<Notification> publisher() {
        return publisher;
    }
}
