package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The loop that a user of polling writes, in a selector of his own. */
final class PollLoop implements WaitCallback {

    /** Whoever waits longer than this for one readiness has missed it. */
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(60);

    private static final int KEPT = 10_000;

    private final List<PollState> seen = new ArrayList<>();

    /** Waits until nothing is under way. */
    static List<PollState> until(Pollable connection) {
        PollLoop loop = new PollLoop();
        loop.await(connection);
        return loop.seen;
    }

    @Override
    public void await(Pollable connection) {
        for (PollState state = connection.poll(); state != PollState.OK; state = connection.poll()) {
            if (seen.size() < KEPT) {
                seen.add(state);
            }
            select(connection, state);
        }
    }

    static void select(Pollable connection, PollState state) {
        try (Selector selector = Selector.open()) {
            SelectionKey key = connection.channel().register(selector, state.interestOps());
            Duration limit = connection.nextDeadline();
            if (limit == null) {
                int ready = selector.select(PATIENCE_MILLIS);
                assertThat(ready > 0 || Thread.currentThread().isInterrupted())
                        .as("the channel becomes ready for %s", state)
                        .isTrue();
            } else {
                selector.select(limit.toMillis() + 1);
            }
            key.cancel();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
