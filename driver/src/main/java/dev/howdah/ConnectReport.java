package dev.howdah;

import dev.howdah.error.ConnectAttempt;
import java.time.Duration;
import java.util.List;

/**
 * How a connection came about. Immutable, without secrets. A connect that failed has the same in
 * {@link dev.howdah.error.ConnectFailedException#attempts()}.
 *
 * @param attempts all attempts, in order: those that failed, and last the one that went well; at least one
 * @param time from the call until the server was ready for queries, failed attempts included
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS">Several hosts</a>
 */
public record ConnectReport(List<ConnectAttempt> attempts, Duration time) {

    /** Copies. */
    public ConnectReport {
        attempts = List.copyOf(attempts);
    }

    /** Returns the attempt that went well. */
    public ConnectAttempt accepted() {
        return attempts.getLast();
    }
}
