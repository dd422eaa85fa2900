package dev.howdah.pump;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;

/**
 * Waits in a selector of the connection's own. Unlike a blocking read it can be interrupted
 * without closing the channel, and it waits for both directions at once.
 */
final class SelectorWaiter implements Waiter {

    private static final Logger LOG = System.getLogger(SelectorWaiter.class.getName());
    private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final Selector selector;
    private final SelectionKey key;
    private int interest;

    SelectorWaiter(SelectableChannel channel) throws IOException {
        this.selector = channel.provider().openSelector();
        try {
            this.key = channel.register(selector, 0);
        } catch (IOException | RuntimeException e) {
            selector.close();
            throw e;
        }
    }

    @Override
    public Woken await(int operations, long deadline) throws IOException {
        try {
            if (operations != interest) {
                key.interestOps(operations);
                interest = operations;
            }
            long millis = 0;
            if (deadline != Long.MAX_VALUE) {
                long nanos = deadline - System.nanoTime();
                if (nanos <= 0) {
                    return Thread.interrupted() ? Woken.INTERRUPTED : Woken.TIMEOUT;
                }
                millis = (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
            }
            int ready = selector.select(SelectorWaiter::ignore, millis);
            if (ready > 0) {
                return Woken.READY;
            }
            if (Thread.interrupted()) {
                return Woken.INTERRUPTED;
            }
            return deadline != Long.MAX_VALUE && deadline - System.nanoTime() <= 0 ? Woken.TIMEOUT : Woken.READY;
        } catch (ClosedSelectorException e) {
            throw new IOException("the connection was closed while waiting for it", e);
        }
    }

    /** Returns whether the channel is ready now. */
    boolean isReady(int operations) throws IOException {
        try {
            if (operations != interest) {
                key.interestOps(operations);
                interest = operations;
            }
            return selector.selectNow(SelectorWaiter::ignore) > 0;
        } catch (ClosedSelectorException e) {
            throw new IOException("the connection was closed while waiting for it", e);
        }
    }

    private static void ignore(SelectionKey key) {
        // One channel: that it is ready is all there is to know.
    }

    @Override
    public void wakeup() {
        selector.wakeup();
    }

    @Override
    public void close() {
        try {
            selector.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing a selector failed", e);
        }
    }
}
