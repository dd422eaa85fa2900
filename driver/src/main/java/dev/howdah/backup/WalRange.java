package dev.howdah.backup;

import dev.howdah.type.Lsn;
import java.util.Objects;

/**
 * Log that a server needs to start on a backup.
 *
 * @param timeline its number
 * @param start where the first record begins that is needed
 * @param end the place behind the last one
 */
public record WalRange(long timeline, Lsn start, Lsn end) {

    /** Requires all of it. */
    public WalRange {
        Objects.requireNonNull(start, "start");
        Objects.requireNonNull(end, "end");
    }

    @Override
    public String toString() {
        return start + " to " + end + " of timeline " + timeline;
    }
}
