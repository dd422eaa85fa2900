package dev.howdah.pump;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The waiters of one channel: one for platform threads, one for virtual threads, one of another kind, each made when it is first needed.
 * {@link #wakeup()} and {@link #close()} may be called by any thread.
 */
final class Waiting {

    private final SocketChannel channel;
    private final Waits waits;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable SelectorWaiter forPlatform;
    private volatile @Nullable LoopWaiter forVirtual;
    private volatile @Nullable Waiter special;
    private volatile Loop.@Nullable Registration registration;
    private boolean closed;

    /**
     * Makes one.
     *
     * @param waits how threads wait unless in the usual way
     */
    Waiting(SocketChannel channel, Waits waits) {
        this.channel = channel;
        this.waits = waits;
    }

    SocketChannel channel() {
        return channel;
    }

    Waiter.Woken await(int operations, long deadline) throws IOException {
        if (!waits.apply()) {
            return awaitUsually(operations, deadline);
        }
        Waiter waiter = special;
        return (waiter != null ? waiter : makeSpecial()).await(operations, deadline);
    }

    private Waiter makeSpecial() throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the connection was closed");
            }
            Waiter made = waits.waiterFor(channel);
            special = made;
            return made;
        } finally {
            lock.unlock();
        }
    }

    /** Waits in the usual way. */
    Waiter.Woken awaitUsually(int operations, long deadline) throws IOException {
        Waiter waiter = Thread.currentThread().isVirtual() ? forVirtual : forPlatform;
        return (waiter != null ? waiter : make()).await(operations, deadline);
    }

    private Waiter make() throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the connection was closed");
            }
            if (Thread.currentThread().isVirtual()) {
                LoopWaiter made = new LoopWaiter(inLoop());
                forVirtual = made;
                return made;
            }
            SelectorWaiter made = new SelectorWaiter(channel);
            forPlatform = made;
            return made;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has {@code handler} run on the loop's thread once, when there is something to read, as long as that is wanted; if it is
     * not, what arrives stays where it is until somebody reads. Of those who ask at the same time the last one finds what is
     * wanted then.
     */
    void watch(BooleanSupplier wanted, Runnable handler) throws IOException {
        lock.lock();
        try {
            boolean wantedNow = !closed && wanted.getAsBoolean();
            if (wantedNow != isWatched()) {
                Loop.Registration current = inLoop();
                if (wantedNow) {
                    current.watch(handler);
                } else {
                    current.unwatch();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether a handler of {@link #watch} has not run yet. */
    boolean isWatched() {
        Loop.Registration current = registration;
        return current != null && current.isWatched();
    }

    /** Has the loop not call who reads until it is armed again. */
    void pauseReading() {
        Loop.Registration current = registration;
        if (current != null) {
            current.pause();
        }
    }

    /** Has the loop forget who reads. */
    void stopReading() {
        Loop.Registration current = registration;
        if (current != null) {
            current.stopReading();
        }
    }

    /** Returns the channel's place in the loop. */
    Loop.Registration inLoop() throws IOException {
        Loop.Registration current = registration;
        if (current == null) {
            current = Loop.SHARED.register(channel);
            registration = current;
        }
        return current;
    }

    void wakeup() {
        SelectorWaiter platform = forPlatform;
        if (platform != null) {
            platform.wakeup();
        }
        LoopWaiter virtual = forVirtual;
        if (virtual != null) {
            virtual.wakeup();
        }
        Waiter other = special;
        if (other != null) {
            other.wakeup();
        }
    }

    void close() {
        close(false);
    }

    /** Closes, but leaves the channel in the loop for who waits for it next: a cancelled key bars its channel for a while. */
    void handOver() {
        close(true);
    }

    private void close(boolean stays) {
        lock.lock();
        try {
            closed = true;
            Loop.Registration current = registration;
            if (current != null) {
                if (stays) {
                    current.forget();
                } else {
                    current.cancel();
                }
            } else {
                Loop.SHARED.closed(channel);
            }
        } finally {
            lock.unlock();
        }
        SelectorWaiter platform = forPlatform;
        if (platform != null) {
            platform.close();
        }
        LoopWaiter virtual = forVirtual;
        if (virtual != null) {
            virtual.close();
        }
        Waiter other = special;
        if (other != null) {
            other.close();
        }
    }
}
