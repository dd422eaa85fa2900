package dev.howdah.pump;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One thread that waits for many channels: a daemon for connections that threads share or somebody listens on, and for virtual threads that
 * would block a carrier in a selector; a virtual one, from Java 24 on, for virtual threads. Started when the first channel comes and ended when the last
 * has been gone for a while. User code never runs here.
 *
 * <p>A virtual one lets those run that it has waked before it looks again: they have read and sent by then, on the same carrier, and the
 * system is not asked to wake anybody as long as answers keep coming.
 */
final class Loop {

    private static final Logger LOG = System.getLogger(Loop.class.getName());
    private static final long LINGER_MILLIS = 1_000;
    private static final long START = System.nanoTime();
    /** So many processors have one virtual loop: what a wake-up takes there is little beside what the waked one does. */
    private static final int PROCESSORS_A_LOOP = 4;

    /** The one of this JVM on a platform thread. */
    static final Loop SHARED = new Loop(false);

    private static final List<Loop> VIRTUAL = Stream.generate(() -> new Loop(true))
            .limit(Math.max(1, Runtime.getRuntime().availableProcessors() / PROCESSORS_A_LOOP))
            .toList();

    private final boolean virtual;
    /** Of the loop's thread alone. */
    private final Ticks ticks = new Ticks(Loop::nanos);

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Selector selector;
    /**
     * Channels have gone since the loop looked last. Their keys may be there still, and the call that is to wake the selector
     * for them may be spent on one that was about to end anyway; so the next wait is not without end.
     */
    private final AtomicBoolean gone = new AtomicBoolean();
    /** When the loop ran out of channels, or -1; of the loop's thread alone. */
    private long unusedSince = -1;

    private volatile @Nullable Thread thread;

    /**
     * Makes one.
     *
     * @param virtual whether its thread is
     */
    Loop(boolean virtual) {
        this.virtual = virtual;
    }

    /** The one on a virtual thread that a channel belongs to. */
    static Loop virtual(SocketChannel channel) {
        return VIRTUAL.get(Math.floorMod(System.identityHashCode(channel), VIRTUAL.size()));
    }

    /**
     * A channel in the loop. Two may wait for it at once and do not know of each other: the thread that uses the
     * connection, and whoever watches it while nobody does.
     */
    final class Registration {
        private final Selector selector;
        private final SelectionKey key;
        /** The thread that uses the connection, if it waits here. */
        private volatile @Nullable LoopWaiter waiter;
        /** Runs once when the channel is ready, for threads that share the connection. */
        private final AtomicReference<@Nullable Runnable> writer = new AtomicReference<>();

        private final AtomicReference<@Nullable Runnable> watcher = new AtomicReference<>();
        /** Reads whenever there is something, until it is told to stop. */
        private volatile @Nullable Runnable reader;

        private volatile boolean paused;

        private Registration(Selector selector, SelectionKey key) {
            this.selector = selector;
            this.key = key;
        }

        /** Has a waiter told when the channel is ready for what it {@linkplain #want wants}. */
        void serve(LoopWaiter served) {
            waiter = served;
        }

        /**
         * Runs {@code handler} on the loop's thread once, when the channel is ready; it must not block. The handler that
         * was given here before is forgotten.
         *
         * @throws ClosedChannelException if the channel has been closed
         */
        void await(int operations, Runnable handler) throws ClosedChannelException {
            arm(writer, operations, handler);
        }

        /** Likewise when there is something to read, beside the handler of {@link #await}. */
        void watch(Runnable handler) throws ClosedChannelException {
            arm(watcher, SelectionKey.OP_READ, handler);
        }

        /**
         * Runs {@code handler} on the loop's thread whenever there is something to read; it must not block, and takes it.
         *
         * @throws ClosedChannelException if the channel has been closed
         */
        void read(Runnable handler) throws ClosedChannelException {
            reader = handler;
            paused = false;
            want(SelectionKey.OP_READ);
        }

        /** Does not run the handler of {@link #read} until that is called again. On the loop's thread. */
        void pause() {
            paused = true;
        }

        /** Forgets the handler of {@link #read}. */
        void stopReading() {
            reader = null;
        }

        /** Forgets the handler of {@link #watch}. */
        void unwatch() {
            watcher.set(null);
        }

        /** Returns whether a handler of {@link #watch} has not run yet. */
        boolean isWatched() {
            return watcher.get() != null;
        }

        private void arm(AtomicReference<@Nullable Runnable> place, int operations, Runnable handler)
                throws ClosedChannelException {
            place.set(handler);
            want(operations);
        }

        /**
         * Looks whether the channel is ready.
         *
         * @throws ClosedChannelException if the channel has been closed
         */
        void want(int operations) throws ClosedChannelException {
            try {
                if ((key.interestOpsOr(operations) & operations) == operations) {
                    return;
                }
            } catch (CancelledKeyException e) {
                throw new ClosedChannelException();
            }
            // What it asks for itself is seen when it selects next.
            if (Thread.currentThread() != thread) {
                selector.wakeup();
            }
        }

        /** Returns whether it looks for anything. */
        boolean isWanted() {
            return key.isValid() && key.interestOps() != 0;
        }

        /** Takes the channel out of the loop. */
        void cancel() {
            forget();
            key.cancel();
            gone.set(true);
            selector.wakeup();
        }

        /** Runs nothing any more, until armed again. */
        void forget() {
            waiter = null;
            writer.set(null);
            watcher.set(null);
            reader = null;
        }

        /** Takes the handlers after the interest, so that what is armed meanwhile runs too early rather than never. */
        private void fire() {
            boolean reads = reader != null && !paused;
            LoopWaiter served = waiter;
            boolean serves = served != null && served.ready();
            lookOn(reads || serves);
            run(writer.getAndSet(null));
            run(watcher.getAndSet(null));
            Runnable current = reader;
            if (current != null && !paused) {
                current.run();
                if (!reads || paused || reader == null) {
                    rest();
                }
            }
        }

        /** Stops watching, but for who was told to meanwhile: that came before it was asked for here, or is seen here. */
        private void rest() {
            lookOn(false);
            if (!paused && reader != null || writer.get() != null || watcher.get() != null) {
                try {
                    key.interestOpsOr(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                } catch (CancelledKeyException e) {
                    LOG.log(Level.TRACE, "a channel was closed while it became ready", e);
                }
            }
        }

        /** Looks for something to read or for nothing; who began to wait meanwhile may have wanted more, and so is waked. */
        private void lookOn(boolean reads) {
            try {
                key.interestOps(reads ? SelectionKey.OP_READ : 0);
            } catch (CancelledKeyException e) {
                LOG.log(Level.TRACE, "a channel was closed while it became ready", e);
            }
            LoopWaiter served = waiter;
            if (served != null) {
                served.wakeIfWaiting();
            }
        }

        private static void run(@Nullable Runnable handler) {
            if (handler != null) {
                handler.run();
            }
        }
    }

    /** Puts a channel into the loop; one that is in it already keeps its place. */
    Registration register(SocketChannel channel) throws IOException {
        lock.lock();
        try {
            Selector current = selector;
            if (current == null) {
                current = channel.provider().openSelector();
                selector = current;
                start(current);
            }
            SelectionKey before = channel.keyFor(current);
            if (before != null && before.isValid() && before.attachment() instanceof Registration known) {
                return known;
            }
            SelectionKey key = channel.register(current, 0);
            Registration registration = new Registration(current, key);
            key.attach(registration);
            return registration;
        } finally {
            lock.unlock();
        }
    }

    /** Has {@code ticker} called so many nanoseconds later, and for as long as it wants; on the loop's thread, as this. */
    void tick(Ticks.Ticker ticker, long nanos) {
        ticks.begin(ticker, nanos);
    }

    /** Returns whether its thread runs. */
    boolean isRunning() {
        lock.lock();
        try {
            return selector != null;
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of a channel that has been closed and that another connection phase may have left in the loop. */
    void closed(SocketChannel channel) {
        lock.lock();
        try {
            Selector current = selector;
            SelectionKey key = current == null ? null : channel.keyFor(current);
            if (key != null) {
                key.cancel();
            }
            if (current != null) {
                // Closing has cancelled the key: the loop may have dropped it just before it began to wait without end.
                gone.set(true);
                current.wakeup();
            }
        } finally {
            lock.unlock();
        }
    }

    private void start(Selector current) {
        Thread made = virtual
                ? Thread.ofVirtual().name("howdah-virtual-loop").unstarted(() -> run(current))
                : Thread.ofPlatform().name("howdah-loop").daemon().unstarted(() -> run(current));
        thread = made;
        made.start();
    }

    @SuppressWarnings("ThreadPriorityCheck") // Nothing relies on it.
    private void run(Selector current) {
        try {
            while (!endIfUnused(current)) {
                ticks.run();
                int ready = current.select(Loop::fire, timeout(current));
                if (virtual && ready > 0) {
                    Thread.yield();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the loop that waits for sockets broke", e);
        }
    }

    /** Returns for how many milliseconds to wait for channels at most; 0 without end. */
    private long timeout(Selector current) {
        long ticking = ticks.millis();
        if (ticking > 0) {
            return ticking;
        }
        return gone.getAndSet(false) || current.keys().isEmpty() ? LINGER_MILLIS : 0;
    }

    /** A clock that does not overflow. */
    private static long nanos() {
        return System.nanoTime() - START;
    }

    private static void fire(SelectionKey key) {
        if (key.attachment() instanceof Registration registration) {
            try {
                registration.fire();
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "a handler in the loop failed; the others go on", e);
            }
        }
    }

    private boolean endIfUnused(Selector current) throws IOException {
        if (!current.keys().isEmpty() || !ticks.isEmpty()) {
            unusedSince = -1;
            return false;
        }
        long now = System.nanoTime();
        if (unusedSince < 0) {
            unusedSince = now;
            return false;
        }
        if (now - unusedSince < LINGER_MILLIS * 900_000) {
            return false;
        }
        lock.lock();
        try {
            if (!current.keys().isEmpty()) {
                return false;
            }
            selector = null;
            unusedSince = -1;
            current.close();
            return true;
        } finally {
            lock.unlock();
        }
    }
}
