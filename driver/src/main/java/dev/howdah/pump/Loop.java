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
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One daemon thread that waits for many channels: for those of virtual threads, which must not block a carrier in a
 * selector, and for idle connections that somebody listens on. Started when the first channel comes and ended when the
 * last has been gone for a while. User code never runs here.
 */
final class Loop {

    private static final Logger LOG = System.getLogger(Loop.class.getName());
    private static final long LINGER_MILLIS = 1_000;

    /** The loop of this JVM. */
    static final Loop SHARED = new Loop();

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Selector selector;
    /** When the loop ran out of channels, or -1; of the loop's thread alone. */
    private long unusedSince = -1;

    private Loop() {}

    /** A channel in the loop. */
    static final class Registration {
        private final Selector selector;
        private final SelectionKey key;
        private volatile @Nullable Runnable handler;

        private Registration(Selector selector, SelectionKey key) {
            this.selector = selector;
            this.key = key;
        }

        /**
         * Runs {@code handler} on the loop's thread once, when the channel is ready; it must not block. What was armed
         * before is forgotten.
         *
         * @throws ClosedChannelException if the channel has been closed
         */
        void arm(int operations, Runnable handler) throws ClosedChannelException {
            this.handler = handler;
            try {
                key.interestOps(operations);
            } catch (CancelledKeyException e) {
                throw new ClosedChannelException();
            }
            selector.wakeup();
        }

        /** Takes the channel out of the loop. */
        void cancel() {
            handler = null;
            key.cancel();
            selector.wakeup();
        }

        private void fire() {
            Runnable armed = handler;
            try {
                key.interestOps(0);
            } catch (CancelledKeyException e) {
                LOG.log(Level.TRACE, "a channel was closed while it became ready", e);
            }
            if (armed != null) {
                armed.run();
            }
        }
    }

    /** Puts a channel into the loop. */
    Registration register(SocketChannel channel) throws IOException {
        lock.lock();
        try {
            Selector current = selector;
            if (current == null) {
                current = channel.provider().openSelector();
                selector = current;
                start(current);
            }
            SelectionKey key = channel.register(current, 0);
            Registration registration = new Registration(current, key);
            key.attach(registration);
            return registration;
        } finally {
            lock.unlock();
        }
    }

    private void start(Selector current) {
        Thread.ofPlatform().daemon().name("howdah-loop").start(() -> run(current));
    }

    private void run(Selector current) {
        try {
            while (!endIfUnused(current)) {
                current.select(Loop::fire, current.keys().isEmpty() ? LINGER_MILLIS : 0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the loop that waits for sockets broke", e);
        }
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
        if (!current.keys().isEmpty()) {
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
