package dev.howdah.replication;

import dev.howdah.type.Lsn;
import java.util.regex.Pattern;

/**
 * The history of a timeline: from where on it went its own way.
 *
 * @param fileName as in {@code 00000002.history}
 * @param content of that file
 */
public record TimelineHistory(String fileName, String content) {

    private static final Pattern LINE =
            Pattern.compile("^\\s*(\\d+)\\s+([0-9A-Fa-f]+/[0-9A-Fa-f]+)", Pattern.MULTILINE);

    /**
     * Returns up to where an earlier timeline is part of this one: where the next was begun.
     *
     * @param timeline its number
     * @return {@code 0/0} if it is none of those that this one comes from
     */
    public Lsn end(long timeline) {
        return LINE.matcher(content)
                .results()
                .filter(line -> Long.parseLong(line.group(1)) == timeline)
                .map(line -> Lsn.parse(line.group(2)))
                .findFirst()
                .orElse(Lsn.ZERO);
    }
}
