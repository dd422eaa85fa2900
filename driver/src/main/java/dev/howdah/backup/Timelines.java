package dev.howdah.backup;

import dev.howdah.replication.TimelineHistory;
import dev.howdah.type.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The timelines that a server comes from, the oldest first, with its own as the last. Immutable. */
final class Timelines {

    private static final Pattern LINE =
            Pattern.compile("^\\s*(\\d{1,10})\\s+([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})", Pattern.MULTILINE);

    private final List<Past> past;
    private final long current;

    /** One that was left. */
    private record Past(long timeline, Lsn end) {}

    private Timelines(List<Past> past, long current) {
        this.past = past;
        this.current = current;
    }

    /**
     * Reads them.
     *
     * @param history of the current one; null of the first
     */
    static Timelines of(long current, @Nullable TimelineHistory history) {
        List<Past> past = new ArrayList<>();
        if (history != null) {
            Matcher line = LINE.matcher(history.content());
            while (line.find()) {
                past.add(new Past(Long.parseLong(line.group(1)), Lsn.parse(line.group(2))));
            }
        }
        return new Timelines(past, current);
    }

    /** Returns whether the server has been on a timeline. */
    boolean has(long timeline) {
        return timeline == current || past.stream().anyMatch(each -> each.timeline == timeline);
    }

    /** Returns where a timeline was left, {@link Lsn#MAX} of the current one. */
    Lsn end(long timeline) {
        return past.stream()
                .filter(each -> each.timeline == timeline)
                .map(Past::end)
                .findFirst()
                .orElse(Lsn.MAX);
    }

    /** Returns the timeline that follows one that was left. */
    long after(long timeline) {
        for (int i = 0; i < past.size() - 1; i++) {
            if (past.get(i).timeline == timeline) {
                return past.get(i + 1).timeline;
            }
        }
        return current;
    }

    /** Returns on which timeline the byte at a place was written. */
    long at(Lsn place) {
        return past.stream()
                .filter(each -> each.end.isAfter(place))
                .map(Past::timeline)
                .findFirst()
                .orElse(current);
    }
}
