package dev.howdah.replication;

import dev.howdah.type.Lsn;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/**
 * The history of a timeline: from where on it went its own way.
 *
 * @param fileName as in {@code 00000002.history}
 * @param content of that file
 */
public record TimelineHistory(String fileName, String content) {

    private static final Pattern LINE =
            Pattern.compile("^\\s*(\\d{1,10})\\s+([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})", Pattern.MULTILINE);

    /**
     * Returns up to where each earlier timeline is part of this one, by its number: where the next was begun.
     *
     * @return the oldest first; unmodifiable
     */
    public SequencedMap<Long, Lsn> ends() {
        SequencedMap<Long, Lsn> ends = new LinkedHashMap<>();
        LINE.matcher(content)
                .results()
                .forEach(line -> ends.putIfAbsent(Long.parseLong(line.group(1)), Lsn.parse(line.group(2))));
        return Collections.unmodifiableSequencedMap(ends);
    }

    /**
     * Returns up to where an earlier timeline is part of this one.
     *
     * @param timeline its number
     * @return {@code 0/0} if it is none of those that this one comes from
     */
    public Lsn end(long timeline) {
        return ends().getOrDefault(timeline, Lsn.ZERO);
    }
}
