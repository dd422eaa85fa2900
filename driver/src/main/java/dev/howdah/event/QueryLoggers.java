package dev.howdah.event;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Query loggers ready made, for {@code PgConnection.addQueryLogger}. Those given here are safe for several threads, so one
 * may serve many connections.
 *
 * <p>What every query logger may rely on:
 *
 * <ul>
 *   <li>It is called once for each operation, whether that succeeded or failed: every verb, prepared queries, cursors and
 *       streams with each page that comes from the server, what begins and ends transactions, what changes the session. Not
 *       for what the driver asks the server for itself, such as about types. Where a call is several operations, as with
 *       autocommit off a BEGIN and a query, it is called for each.
 *   <li>It is called by the thread of the operation before that returns or throws, without any lock, so it may use the
 *       connection; what it runs there itself is not logged. Inside a call that runs several operations in one go, such as
 *       {@code savepoint} or {@code reset()}, it is called after the last. Its time is not part of what it is told. With
 *       several threads it has to be safe for them.
 *   <li>What it throws goes to the driver's log only: the operation and other loggers go on. An interrupt is kept for
 *       whoever comes after it.
 *   <li>The connection keeps it until it is removed, or {@code reset()} for another user.
 * </ul>
 */
public final class QueryLoggers {

    private QueryLoggers() {}

    /**
     * Returns a logger that writes one line for each operation: kind, duration, rows and text, passwords hidden, no value
     * of a parameter. Of one that failed the exception is logged along.
     *
     * @param level how loud
     */
    public static Consumer<QueryEvent> toSystemLogger(Logger logger, Level level) {
        return to(logger, level, false);
    }

    /**
     * Returns a logger that writes the values of parameters, too, so think of who reads the log. Where the text has the
     * word PASSWORD in it they are hidden.
     *
     * @param level how loud
     */
    public static Consumer<QueryEvent> toSystemLoggerWithParameters(Logger logger, Level level) {
        return to(logger, level, true);
    }

    private static Consumer<QueryEvent> to(Logger logger, Level level, boolean parameters) {
        Objects.requireNonNull(logger, "logger");
        Objects.requireNonNull(level, "level");
        return event -> {
            if (logger.isLoggable(level)) {
                boolean told = parameters && !event.parameters().isEmpty();
                logger.log(level, event + (told ? " " + event.parameters() : ""), event.exception());
            }
        };
    }

    /**
     * Returns a logger that hands on what took long.
     *
     * @param threshold from which duration on, not negative
     * @param consumer gets those events
     * @throws IllegalArgumentException if the threshold is negative
     */
    public static Consumer<QueryEvent> slow(Duration threshold, Consumer<QueryEvent> consumer) {
        Objects.requireNonNull(consumer, "consumer");
        if (threshold.isNegative()) {
            throw new IllegalArgumentException("the threshold is not negative: " + threshold);
        }
        return event -> {
            if (event.elapsed().compareTo(threshold) >= 0) {
                consumer.accept(event);
            }
        };
    }
}
