package dev.howdah.type;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;

/**
 * How PostgreSQL counts: days and microseconds since 2000-01-01, with the first and last number for the infinities.
 *
 * <p>Finer than microseconds is rounded to the nearest one, a half up, as PostgreSQL rounds text. The infinities are
 * java.time's MAX and MIN, which lie far outside of PostgreSQL's range.
 */
final class PgTime {

    static final long MICROS_PER_DAY = 86_400_000_000L;
    static final long MICROS_PER_SECOND = 1_000_000L;
    static final long POSITIVE_INFINITY = Long.MAX_VALUE;
    static final long NEGATIVE_INFINITY = Long.MIN_VALUE;

    /** 2000-01-01 in days since 1970-01-01. */
    static final int EPOCH_DAY = 10_957;
    /** 2000-01-01 in seconds since 1970-01-01. */
    static final long EPOCH_SECOND = EPOCH_DAY * 86_400L;

    /** 4714-11-24 BC, the first day of dates and timestamps. */
    static final int FIRST_DAY = -2_451_545;
    /** 5874897-12-31, the last day of dates. */
    static final int LAST_DAY = 2_145_031_948;

    private static final long FIRST_SECOND = FIRST_DAY * 86_400L;
    /** 294277-01-01, the first second that timestamps do not reach. */
    private static final long END_SECOND = 9_223_371_331_200L;

    private PgTime() {}

    /** Returns microseconds since 2000-01-01 of a point within PostgreSQL's range. */
    static long micros(long unixSecond, int nano) {
        long second = unixSecond - EPOCH_SECOND;
        long micros = (nano + 500L) / 1000;
        if (second < FIRST_SECOND || second >= END_SECOND || second == END_SECOND - 1 && micros == MICROS_PER_SECOND) {
            throw Refusal.writing("it is not within 4714-11-24 BC to 294276-12-31");
        }
        return second * MICROS_PER_SECOND + micros;
    }

    static long micros(LocalDateTime value) {
        if (value.equals(LocalDateTime.MAX)) {
            return POSITIVE_INFINITY;
        } else if (value.equals(LocalDateTime.MIN)) {
            return NEGATIVE_INFINITY;
        }
        return micros(value.toEpochSecond(ZoneOffset.UTC), value.get(ChronoField.NANO_OF_SECOND));
    }

    static long micros(OffsetDateTime value) {
        if (value.equals(OffsetDateTime.MAX)) {
            return POSITIVE_INFINITY;
        } else if (value.equals(OffsetDateTime.MIN)) {
            return NEGATIVE_INFINITY;
        }
        return micros(value.toEpochSecond(), value.getNano());
    }

    static long micros(Instant value) {
        if (value.equals(Instant.MAX)) {
            return POSITIVE_INFINITY;
        } else if (value.equals(Instant.MIN)) {
            return NEGATIVE_INFINITY;
        }
        return micros(value.getEpochSecond(), value.getNano());
    }

    static LocalDateTime timestamp(long micros) {
        if (micros == POSITIVE_INFINITY) {
            return LocalDateTime.MAX;
        } else if (micros == NEGATIVE_INFINITY) {
            return LocalDateTime.MIN;
        }
        long day = Math.floorDiv(micros, MICROS_PER_DAY);
        return LocalDateTime.of(day(day + EPOCH_DAY), LocalTime.ofNanoOfDay((micros - day * MICROS_PER_DAY) * 1000));
    }

    /** Timestamps near each other share their day, and finding a day's date is most of the work. */
    private static LocalDate day(long epochDay) {
        Day known = recentDay;
        if (known.epochDay != epochDay) {
            known = new Day(epochDay, LocalDate.ofEpochDay(epochDay));
            recentDay = known;
        }
        return known.date;
    }

    /** The day asked for last; immutable, so that threads may race for it. */
    private static Day recentDay = new Day(0, LocalDate.EPOCH);

    private record Day(long epochDay, LocalDate date) {}

    static OffsetDateTime offset(long micros) {
        if (micros == POSITIVE_INFINITY) {
            return OffsetDateTime.MAX;
        } else if (micros == NEGATIVE_INFINITY) {
            return OffsetDateTime.MIN;
        }
        return OffsetDateTime.of(timestamp(micros), ZoneOffset.UTC);
    }

    static Instant instant(long micros) {
        if (micros == POSITIVE_INFINITY) {
            return Instant.MAX;
        } else if (micros == NEGATIVE_INFINITY) {
            return Instant.MIN;
        }
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS_PER_SECOND) + EPOCH_SECOND, nano(micros));
    }

    private static int nano(long micros) {
        return (int) Math.floorMod(micros, MICROS_PER_SECOND) * 1000;
    }

    static int days(LocalDate value) {
        if (value.equals(LocalDate.MAX)) {
            return Integer.MAX_VALUE;
        } else if (value.equals(LocalDate.MIN)) {
            return Integer.MIN_VALUE;
        }
        long days = value.toEpochDay() - EPOCH_DAY;
        if (days < FIRST_DAY || days > LAST_DAY) {
            throw Refusal.writing("it is not within 4714-11-24 BC to 5874897-12-31");
        }
        return (int) days;
    }

    static LocalDate date(int days) {
        if (days == Integer.MAX_VALUE) {
            return LocalDate.MAX;
        } else if (days == Integer.MIN_VALUE) {
            return LocalDate.MIN;
        }
        return LocalDate.ofEpochDay((long) days + EPOCH_DAY);
    }

    /** Reads microseconds of a day, which may be 24:00. */
    static long checkedTime(long micros) {
        if (micros < 0 || micros > MICROS_PER_DAY) {
            throw Refusal.reading(Refusal.MALFORMED);
        }
        return micros;
    }

    static LocalTime time(long micros, String alternative) {
        if (checkedTime(micros) == MICROS_PER_DAY) {
            throw Refusal.reading("24:00 is no time of day in Java; read it as " + alternative);
        }
        return LocalTime.ofNanoOfDay(micros * 1000);
    }

    /** Rounds to microseconds, but never up to 24:00, which could not be read back. */
    static long micros(LocalTime value) {
        return Math.min((value.toNanoOfDay() + 500) / 1000, MICROS_PER_DAY - 1);
    }
}
