package dev.howdah.pump;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A thread that watches its connection itself while nobody uses it, and reads what comes: it has that at once, where the loop would have to
 * wake it. Others may use the connection meanwhile; they read then, and let it watch again when they have done. One thread at a time is it.
 */
public final class WatchingThread {

    private final SelectorWaiter selecting;
    private final LongSupplier hear;
    /** Of the thread that watches. */
    private final Bulk bulk;

    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
    /** Nobody is known to use the connection. */
    private volatile boolean allowed;

    private volatile boolean woken;
    private volatile boolean closed;

    /**
     * Makes one.
     *
     * @param hear takes what has come and returns how many bytes that was, or -1 if somebody uses the connection, who allows to watch again
     */
    WatchingThread(SocketChannel channel, LongSupplier hear) throws IOException {
        this.selecting = new SelectorWaiter(channel);
        this.hear = hear;
        this.bulk = Bulk.of(channel);
    }

    /** Makes the current thread the one that watches; returns false if another is. */
    boolean tryEnter() {
        if (closed || !thread.compareAndSet(null, Thread.currentThread())) {
            return false;
        }
        woken = false;
        allowed = false;
        return true;
    }

    /** The current thread watches no more. The loop is not told. */
    public void leave() {
        allowed = false;
        thread.set(null);
    }

    /** Returns whether a thread is here for the connection to be watched. */
    boolean isPresent() {
        return thread.get() != null;
    }

    /** Returns whether it watches now. */
    boolean isWatching() {
        return allowed && isPresent();
    }

    /** Nobody uses the connection now. */
    void allow() {
        Thread watching = thread.get();
        if (watching != null) {
            allowed = true;
            LockSupport.unpark(watching);
        }
    }

    /** What comes is not wanted any more. */
    void forbid() {
        allowed = false;
    }

    /** Wakes it because another thread has read; does nothing on the thread itself. */
    public void wakeup() {
        Thread watching = thread.get();
        if (watching != null && watching != Thread.currentThread()) {
            woken = true;
            selecting.wakeup();
            LockSupport.unpark(watching);
        }
    }

    void close() {
        closed = true;
        selecting.close();
        LockSupport.unpark(thread.get());
    }

    /**
     * Waits until something has been read, here or by another thread.
     *
     * @param deadline until when, as {@link System#nanoTime()}; {@link Long#MAX_VALUE} for ever
     * @return {@link Waiter.Woken#READY} also without a reason
     * @throws IOException if the connection has ended
     */
    public Waiter.Woken await(long deadline) throws IOException {
        while (true) {
            if (closed) {
                throw new IOException("the connection was closed");
            }
            if (woken) {
                woken = false;
                return Waiter.Woken.READY;
            }
            if (Thread.interrupted()) {
                return Waiter.Woken.INTERRUPTED;
            }
            if (!allowed) {
                if (!park(deadline)) {
                    return Waiter.Woken.TIMEOUT;
                }
                continue;
            }
            if (bulk.isOn()) {
                gather(deadline);
            }
            Waiter.Woken how = selecting.await(SelectionKey.OP_READ, deadline);
            if (how != Waiter.Woken.READY || woken) {
                woken = false;
                return how;
            }
            // Whoever uses the connection now allows it again when he has done, maybe at once.
            allowed = false;
            long count = hear.getAsLong();
            bulk.came(count);
            if (count >= 0) {
                return Waiter.Woken.READY;
            }
        }
    }

    /** Lets more come. To be allowed to watch, which is told by unparking, is no reason to stop. */
    private void gather(long deadline) {
        long begun = System.nanoTime();
        long time = Math.min(bulk.pause(), deadline == Long.MAX_VALUE ? deadline : deadline - begun);
        long left = time;
        while (left > 0 && !woken && !closed && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(this, left);
            left = time - (System.nanoTime() - begun);
        }
    }

    private boolean park(long deadline) {
        if (deadline == Long.MAX_VALUE) {
            LockSupport.park(this);
            return true;
        }
        long nanos = deadline - System.nanoTime();
        if (nanos <= 0) {
            return false;
        }
        LockSupport.parkNanos(this, nanos);
        return true;
    }
}
