package dev.howdah;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * A {@link LoggingCursor} that logs only statements which took long, and how long: {@code ... (took 12.345 ms)}. The time
 * is that of the whole call: waiting for the connection, the server, the network and all rows.
 */
public class MinTimeLoggingCursor extends LoggingCursor {

    private static final int MICROS = 6;
    private static final int NANOS_PER_MICRO = 1000;

    private final Duration threshold;

    /**
     * Makes a cursor that logs to the logger of {@link LoggingCursor}.
     *
     * @param connection whose statements it runs
     * @param threshold what takes at least so long is logged; zero for everything
     * @throws IllegalArgumentException if it is negative
     */
    public MinTimeLoggingCursor(PgConnection connection, Duration threshold) {
        this(connection, threshold, System.getLogger(LoggingCursor.class.getName()), System.Logger.Level.DEBUG);
    }

    /**
     * Makes a cursor that logs elsewhere.
     *
     * @param connection whose statements it runs
     * @param threshold what takes at least so long is logged; zero for everything
     * @param logger where to log
     * @param level how loud
     * @throws IllegalArgumentException if the threshold is negative
     */
    public MinTimeLoggingCursor(
            PgConnection connection, Duration threshold, System.Logger logger, System.Logger.Level level) {
        super(connection, logger, level);
        if (threshold.isNegative()) {
            throw new IllegalArgumentException("the threshold is at least zero, not " + threshold);
        }
        this.threshold = threshold;
    }

    @Override
    boolean isLogged(Duration elapsed) {
        return elapsed.compareTo(threshold) >= 0;
    }

    @Override
    String remark(Duration elapsed) {
        return " (took " + BigDecimal.valueOf(elapsed.toNanos() / NANOS_PER_MICRO, MICROS / 2) + " ms)";
    }
}
