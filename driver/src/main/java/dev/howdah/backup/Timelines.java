package dev.howdah.backup;

import dev.howdah.replication.TimelineHistory;
import dev.howdah.type.Lsn;
import java.util.Collections;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** The timelines that a server comes from, the oldest first, with its own as the last. Immutable. */
final class Timelines {

    /** Where each that was left ended. */
    private final SequencedMap<Long, Lsn> past;

    private final long current;

    private Timelines(SequencedMap<Long, Lsn> past, long current) {
        this.past = past;
        this.current = current;
    }

    /**
     * Reads them.
     *
     * @param history of the current one; null of the first
     */
    static Timelines of(long current, @Nullable TimelineHistory history) {
        return new Timelines(history == null ? Collections.emptyNavigableMap() : history.ends(), current);
    }

    /** Returns whether the server has been on a timeline. */
    boolean has(long timeline) {
        return timeline == current || past.containsKey(timeline);
    }

    /** Returns where a timeline was left, {@link Lsn#MAX} of the current one. */
    Lsn end(long timeline) {
        return past.getOrDefault(timeline, Lsn.MAX);
    }

    /** Returns the timeline that follows one that was left. */
    long after(long timeline) {
        return past.keySet().stream()
                .dropWhile(each -> each != timeline)
                .skip(1)
                .findFirst()
                .orElse(current);
    }

    /** Returns on which timeline the byte at a place was written. */
    long at(Lsn place) {
        return past.entrySet().stream()
                .filter(each -> each.getValue().isAfter(place))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(current);
    }
}
