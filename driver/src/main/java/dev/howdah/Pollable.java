package dev.howdah;

import java.nio.channels.SelectableChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes on whenever it is polled, and says what to wait for in between: a {@link PollingConnection}, or what
 * a {@link WaitCallback} is given.
 *
 * <pre>{@code
 * for (PollState state = connection.poll(); state != PollState.OK; state = connection.poll()) {
 *     // wait until connection.channel() is ready for state.interestOps(), at most connection.nextDeadline()
 * }
 * }</pre>
 *
 * <p>To be used by one thread at a time.
 */
public interface Pollable {

    /**
     * Goes on as far as it can without waiting. To be called again when the channel is ready for what it returned, or
     * {@link #nextDeadline()} has passed; a call too early does no harm.
     *
     * @throws dev.howdah.error.PgException why what was begun failed; nothing is under way then
     */
    PollState poll();

    /**
     * Returns what to wait for, as {@link #poll()} returned last. While connecting it may be another one after each poll:
     * several addresses may be tried, and a look-up of a name has a channel of its own.
     *
     * @throws IllegalStateException if there is none, because the connection is closed
     */
    SelectableChannel channel();

    /**
     * Returns how long to wait at most before {@link #poll()} is called again even if the channel is not ready, because a
     * timeout is due then; zero if that is now, null if there is no limit.
     */
    @Nullable
    Duration nextDeadline();
}
