package dev.howdah.type;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Period;
import java.time.temporal.ChronoUnit;

/**
 * A value of PostgreSQL's {@code interval}: months, days and microseconds, each with its own sign, never converted into
 * each other: a month has no fixed number of days, nor a day of hours. Immutable.
 *
 * <p>Two are equal if all three parts are. (PostgreSQL's {@code =} counts a month as 30 days and a day as 24 hours.)
 *
 * @param months months, years included
 * @param days days, weeks included
 * @param microseconds the rest, in microseconds; may be more than a day
 * @see <a href="https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-INTERVAL-INPUT">Intervals</a>
 */
public record Interval(int months, int days, long microseconds) {

    /** No time at all. */
    public static final Interval ZERO = new Interval(0, 0, 0);
    /** Longer than every other; PostgreSQL 17 and later. Older servers know these numbers as a very long interval. */
    public static final Interval INFINITY = new Interval(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);
    /** Shorter than every other; PostgreSQL 17 and later. */
    public static final Interval NEGATIVE_INFINITY = new Interval(Integer.MIN_VALUE, Integer.MIN_VALUE, Long.MIN_VALUE);

    /**
     * Makes an interval of years, months and days.
     *
     * @param period years, months and days
     * @return never null
     * @throws ArithmeticException if its months are more than an int holds
     */
    public static Interval of(Period period) {
        return new Interval(Math.toIntExact(period.toTotalMonths()), (int) period.get(ChronoUnit.DAYS), 0);
    }

    /**
     * Makes an interval of microseconds alone, days not told apart; finer parts are rounded, a half up.
     *
     * @param duration the time, of either sign
     * @return never null
     * @throws ArithmeticException if that are more than a long holds, about 292,000 years
     */
    public static Interval of(Duration duration) {
        long micros = Math.multiplyExact(duration.getSeconds() + (duration.isNegative() ? 1 : 0), 1_000_000L);
        long rest = (duration.getNano() + 500L) / 1000 - (duration.isNegative() ? 1_000_000L : 0);
        return new Interval(0, 0, Math.addExact(micros, rest));
    }

    /**
     * Reads text in any of PostgreSQL's styles: {@code postgres} (1 day -02:03:04), {@code postgres_verbose} (@ 1 day 2
     * hours ago), {@code sql_standard} (+1-2 -3 +4:05:06) or {@code iso_8601} (P1DT2H).
     *
     * @param text the text
     * @return never null
     * @throws DateTimeException if it is in none of them or too large
     */
    public static Interval parse(String text) {
        return IntervalText.parse(text);
    }

    /** {@return whether this is {@link #INFINITY} or {@link #NEGATIVE_INFINITY}} */
    public boolean isInfinite() {
        return equals(INFINITY) || equals(NEGATIVE_INFINITY);
    }

    /**
     * {@return the same time as a Duration}
     *
     * @throws ArithmeticException if it has months or days, whose length is not fixed, or is infinite
     */
    public Duration toDuration() {
        if (months != 0 || days != 0) {
            throw new ArithmeticException("an interval with months or days is no Duration");
        }
        return Duration.of(microseconds, ChronoUnit.MICROS);
    }

    /**
     * {@return the same time as a Period, years and months apart}
     *
     * @throws ArithmeticException if it has hours or less, or is infinite
     */
    public Period toPeriod() {
        if (microseconds != 0) {
            throw new ArithmeticException("an interval with hours, minutes or seconds is no Period");
        }
        return Period.of(months / 12, months % 12, days);
    }

    /** {@return the text as {@code IntervalStyle} postgres prints it: {@code 1 year 2 mons -3 days +04:05:06.789}} */
    public String toPostgres() {
        return IntervalText.postgres(this);
    }

    /**
     * Returns the text of ISO 8601, as {@code IntervalStyle} iso_8601 prints it: {@code P1Y2M-3DT4H5M6.789S}; {@code PT0S}
     * for zero; {@code infinity} or {@code -infinity}.
     */
    @Override
    public String toString() {
        return IntervalText.iso8601(this);
    }
}
