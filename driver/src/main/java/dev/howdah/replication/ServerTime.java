package dev.howdah.replication;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as the protocol writes them: microseconds since the beginning of 2000. */
final class ServerTime {

    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private ServerTime() {}

    /** Returns a time; any number is one. */
    static Instant instant(long micros) {
        return EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static long micros(Instant time) {
        return EPOCH.until(time, ChronoUnit.MICROS);
    }
}
