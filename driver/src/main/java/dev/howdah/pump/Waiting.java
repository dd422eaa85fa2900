package dev.howdah.pump;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The waiters of one channel, each made when it is first needed: a selector of its own for platform threads, a loop for virtual ones, one of
 * another kind. {@link #wakeup()} and {@link #close()} may be called by any thread.
 */
final class Waiting {

    /**
     * A virtual thread that waits in a selector gives its carrier away from Java 24 on; so a loop may be one, which wakes others without a
     * switch of threads. Before, it would have kept the carrier.
     */
    static final boolean SELECTS_VIRTUALLY = Runtime.version().feature() >= 24;

    private static final Logger LOG = System.getLogger(Waiting.class.getName());

    private final SocketChannel channel;
    private final Waits waits;
    private final boolean selectsVirtually;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable SelectorWaiter selecting;
    private volatile @Nullable LoopWaiter looping;
    private volatile @Nullable Waiter special;
    private volatile @Nullable WatchingThread watching;
    /** In the shared loop. */
    private volatile Loop.@Nullable Registration registration;
    /** In a virtual one. */
    private volatile Loop.@Nullable Registration virtually;

    private boolean closed;

    /**
     * Makes one.
     *
     * @param waits how threads wait unless in the usual way
     */
    Waiting(SocketChannel channel, Waits waits) {
        this(channel, waits, SELECTS_VIRTUALLY && !waits.parkBesideLoop());
    }

    /**
     * Makes one.
     *
     * @param selectsVirtually whether virtual threads may wait in a selector, and so beside a loop that is one
     */
    Waiting(SocketChannel channel, Waits waits, boolean selectsVirtually) {
        this.channel = channel;
        this.waits = waits;
        this.selectsVirtually = selectsVirtually;
    }

    SocketChannel channel() {
        return channel;
    }

    /** Returns whether the current thread is parked beside the shared loop when it waits. */
    boolean isBesideLoop() {
        return !selectsVirtually && Thread.currentThread().isVirtual();
    }

    /** Returns whether the current thread waits in a way of its own. */
    boolean isHooked() {
        return waits.apply();
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
        Waiter waiter = Thread.currentThread().isVirtual() ? looping : selecting;
        return (waiter != null ? waiter : make()).await(operations, deadline);
    }

    private Waiter make() throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the connection was closed");
            }
            if (Thread.currentThread().isVirtual()) {
                LoopWaiter made = new LoopWaiter(selectsVirtually ? inVirtualLoop() : inLoop());
                looping = made;
                return made;
            }
            SelectorWaiter made = new SelectorWaiter(channel);
            selecting = made;
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
            WatchingThread thread = watching;
            boolean here = thread != null && thread.isPresent();
            if (thread != null) {
                if (here && wantedNow) {
                    thread.allow();
                } else {
                    thread.forbid();
                }
            }
            boolean inLoop = wantedNow && !here;
            if (inLoop != isWatchedInLoop()) {
                Loop.Registration current = inLoop();
                if (inLoop) {
                    current.watch(handler);
                } else {
                    current.unwatch();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether what comes unasked is waited for: a handler of {@link #watch} has not run yet, or a thread watches. */
    boolean isWatched() {
        WatchingThread thread = watching;
        return thread != null && thread.isWatching() || isWatchedInLoop();
    }

    private boolean isWatchedInLoop() {
        Loop.Registration current = registration;
        return current != null && current.isWatched();
    }

    /**
     * Has the current thread watch in place of the loop, from the next {@link #watch} on.
     *
     * @param hear takes what has come and returns how many bytes that was, or -1 if somebody uses the connection
     * @return null if another thread does, or this one cannot
     */
    @Nullable
    WatchingThread watchHere(LongSupplier hear) {
        if (Thread.currentThread().isVirtual() && !selectsVirtually) {
            return null;
        }
        lock.lock();
        try {
            WatchingThread thread = watching;
            if (thread == null && !closed) {
                thread = new WatchingThread(channel, hear);
                watching = thread;
            }
            return thread != null && thread.tryEnter() ? thread : null;
        } catch (IOException e) {
            // No descriptor is left for a selector: the loop has one.
            LOG.log(Level.DEBUG, "a thread cannot watch its connection itself", e);
            return null;
        } finally {
            lock.unlock();
        }
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

    private Loop.Registration inVirtualLoop() throws IOException {
        Loop.Registration made = Loop.virtual(channel).register(channel);
        virtually = made;
        return made;
    }

    void wakeup() {
        each(Waiter::wakeup);
    }

    /** Ends a wait that can be ended without harm; who waits goes on when he has done what there is to do. */
    void nudge() {
        each(Waiter::nudge);
    }

    private void leave(Loop loop, Loop.@Nullable Registration current, boolean stays) {
        if (!stays) {
            if (current != null) {
                current.cancel();
            } else {
                loop.closed(channel);
            }
        } else if (current != null) {
            current.forget();
        }
    }

    private void each(Consumer<Waiter> action) {
        for (Waiter waiter : new @Nullable Waiter[] {selecting, looping, special}) {
            if (waiter != null) {
                action.accept(waiter);
            }
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
            leave(Loop.SHARED, registration, stays);
            leave(Loop.virtual(channel), virtually, stays);
        } finally {
            lock.unlock();
        }
        WatchingThread thread = watching;
        if (thread != null) {
            thread.close();
        }
        each(Waiter::close);
    }
}
