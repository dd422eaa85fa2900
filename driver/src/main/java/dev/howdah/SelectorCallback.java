package dev.howdah;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Waits in a selector. */
final class SelectorCallback implements WaitCallback {

    static final SelectorCallback INSTANCE = new SelectorCallback();

    private SelectorCallback() {}

    @Override
    public void await(Pollable connection) {
        if (connection instanceof WaitCallbacks.View view) {
            while (view.poll() != PollState.OK) {
                view.select();
            }
            return;
        }
        try (Selector selector = Selector.open()) {
            drive(connection, selector);
        } catch (IOException e) {
            throw new UncheckedIOException("waiting in a selector failed", e);
        }
    }

    private static void drive(Pollable connection, Selector selector) throws IOException {
        boolean interrupted = false;
        try {
            for (PollState state = connection.poll(); state != PollState.OK; state = connection.poll()) {
                register(connection.channel(), selector, state.interestOps());
                select(selector, connection.nextDeadline());
                if (Thread.interrupted() && !interrupted) {
                    interrupted = true;
                    if (connection instanceof PollingConnection polled) {
                        polled.cancel();
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void register(SelectableChannel channel, Selector selector, int operations) throws IOException {
        SelectionKey known = channel.keyFor(selector);
        if (known != null && known.isValid()) {
            known.interestOps(operations);
            return;
        }
        // Another channel than before: that of before must not wake us.
        selector.keys().forEach(SelectionKey::cancel);
        selector.selectNow();
        channel.register(selector, operations);
    }

    private static void select(Selector selector, @Nullable Duration limit) throws IOException {
        selector.selectedKeys().clear();
        if (limit == null) {
            selector.select();
        } else if (limit.isZero()) {
            selector.selectNow();
        } else {
            selector.select(Math.max(1, limit.plusNanos(999_999).toMillis()));
        }
    }
}
