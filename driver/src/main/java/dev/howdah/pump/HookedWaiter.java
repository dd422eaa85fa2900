package dev.howdah.pump;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Has a hook wait. */
final class HookedWaiter implements Waiter {

    private static final Logger LOG = System.getLogger(HookedWaiter.class.getName());

    private final SelectableChannel channel;
    private final Supplier<@Nullable WaitHook> hook;
    private final ReentrantLock lock = new ReentrantLock();
    /** Made when it is first needed. */
    private volatile @Nullable SelectorWaiter selector;

    private volatile boolean woken;
    private boolean closed;

    HookedWaiter(SelectableChannel channel, Supplier<@Nullable WaitHook> hook) {
        this.channel = channel;
        this.hook = hook;
    }

    SelectableChannel channel() {
        return channel;
    }

    /** {@inheritDoc} What the hook throws is the cause of a {@link HookFailedException}. */
    @Override
    public Woken await(int operations, long deadline) throws IOException {
        WaitHook current = hook.get();
        if (current == null) {
            return selector().await(operations, deadline);
        }
        try {
            current.await(new PendingWait(this, operations, deadline));
        } catch (RuntimeException | Error e) {
            throw new HookFailedException(e);
        }
        woken = false;
        if (Thread.interrupted()) {
            return Woken.INTERRUPTED;
        }
        return deadline != Long.MAX_VALUE && deadline - System.nanoTime() <= 0 ? Woken.TIMEOUT : Woken.READY;
    }

    boolean isReady(int operations) throws IOException {
        return woken || selector().isReady(operations);
    }

    void select(int operations, long deadline) throws IOException {
        if (!woken && selector().await(operations, deadline) == Woken.INTERRUPTED) {
            Thread.currentThread().interrupt();
        }
    }

    private SelectorWaiter selector() throws IOException {
        SelectorWaiter made = selector;
        if (made != null) {
            return made;
        }
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the connection was closed");
            }
            made = new SelectorWaiter(channel);
            selector = made;
            return made;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the wait of a hook that waits by our means. */
    @Override
    public void nudge() {
        woken = true;
        SelectorWaiter made = selector;
        if (made != null) {
            made.wakeup();
        }
    }

    /** Ends the wait, also that of a hook that waits in a selector we do not know: it sees the end of the stream. */
    @Override
    public void wakeup() {
        nudge();
        if (channel instanceof SocketChannel socket) {
            try {
                socket.shutdownInput();
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.TRACE, "a channel to be cut was not connected any more", e);
            }
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        SelectorWaiter made = selector;
        if (made != null) {
            made.close();
        }
    }
}
