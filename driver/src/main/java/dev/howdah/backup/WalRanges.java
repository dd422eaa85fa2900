package dev.howdah.backup;

import dev.howdah.type.Lsn;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log that a backup needs, looked at segment by segment: all at once from a folder, or as the segments come out of an archive. For one
 * thread.
 */
final class WalRanges {

    private static final int BUFFER = 1 << 17;

    private final int segmentSize;
    private final List<Walk> walks = new ArrayList<>();
    /** Who wants the segment that is coming out of an archive. */
    private List<Walk> coming = List.of();

    /** Where segments are found by their names. */
    interface Segments {
        /** Opens one; null if there is none. The caller closes it. */
        @Nullable
        InputStream open(String name) throws IOException;
    }

    /** One range, and the names of timelines its segments may be under: the end of one may be kept as the beginning of the next. */
    private record Walk(WalRange range, List<Long> timelines, WalRecords records) {

        boolean isOpen() {
            return !records.isWhole() && records.fault() == null;
        }

        /** One that has had half a segment cannot go on. */
        boolean isBetweenSegments(int segmentSize) {
            Lsn position = records.position();
            return isOpen() && position.equals(position.segmentStart(segmentSize));
        }

        List<String> wanted(int segmentSize) {
            return timelines.stream()
                    .map(timeline -> records.position().segmentFileName(timeline.intValue(), segmentSize))
                    .toList();
        }
    }

    WalRanges(List<WalRange> ranges, int segmentSize) {
        this.segmentSize = segmentSize;
        for (WalRange range : ranges) {
            List<Long> timelines = ranges.stream()
                    .map(WalRange::timeline)
                    .filter(timeline -> timeline >= range.timeline())
                    .distinct()
                    .sorted()
                    .toList();
            walks.add(new Walk(
                    range, timelines, new WalRecords(range.timeline(), range.start(), range.end(), segmentSize)));
        }
    }

    /** Looks at all of it. */
    void read(Segments segments) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (Walk walk : walks) {
            boolean goesOn = true;
            while (goesOn && walk.isOpen()) {
                Lsn before = walk.records.position();
                try (InputStream in = open(segments, walk)) {
                    goesOn = in != null
                            && feed(walk.records, in, buffer)
                            && walk.records.position().isAfter(before);
                }
            }
        }
    }

    private @Nullable InputStream open(Segments segments, Walk walk) throws IOException {
        for (String name : walk.wanted(segmentSize)) {
            @Nullable InputStream found = segments.open(name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Returns whether it was a whole segment. */
    private boolean feed(WalRecords records, InputStream in, byte[] buffer) throws IOException {
        int left = segmentSize;
        while (left > 0 && records.fault() == null && !records.isWhole()) {
            int count = in.read(buffer, 0, Math.min(left, buffer.length));
            if (count < 0) {
                return false;
            }
            records.accept(buffer, 0, count);
            left -= count;
        }
        return true;
    }

    /** A segment comes; what follows is given to {@link #data}. */
    void begin(String name, long size) {
        coming = size != segmentSize
                ? List.of()
                : walks.stream()
                        .filter(walk -> walk.isBetweenSegments(segmentSize)
                                && walk.wanted(segmentSize).contains(name))
                        .toList();
    }

    /** Takes the next bytes of the segment that is coming. */
    void data(byte[] bytes, int offset, int length) {
        for (Walk each : coming) {
            each.records.accept(bytes, offset, length);
        }
    }

    /** Returns how far all of it has been looked at: grows from one pass over archives to the next, unless there is no more. */
    long progress() {
        return walks.stream()
                .mapToLong(
                        walk -> walk.records.position().minus(walk.range.start().segmentStart(segmentSize)))
                .sum();
    }

    /** Returns whether there is more to look for. */
    boolean isOpen() {
        return walks.stream().anyMatch(Walk::isOpen);
    }

    /** Returns how many records are whole. */
    long count() {
        return walks.stream().mapToLong(walk -> walk.records.count()).sum();
    }

    /** Returns what is wrong with each range that is not whole, now that there is no more to look at. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (Walk walk : walks) {
            @Nullable String fault = walk.records.fault();
            if (fault != null) {
                faults.add("the log from " + walk.range + " is broken: " + fault);
            } else if (walk.isOpen()) {
                faults.add("the log from " + walk.range + " is not all there: " + walk.records.lacks() + "; segment "
                        + walk.wanted(segmentSize).getFirst() + " is missing or cut");
            }
        }
        return faults;
    }
}
