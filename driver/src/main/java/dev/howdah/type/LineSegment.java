package dev.howdah.type;

import java.util.List;
import java.util.Objects;

/**
 * A value of PostgreSQL's {@code lseg}: a line with two ends. Immutable.
 *
 * @param start one end
 * @param end the other end
 * @see <a href="https://www.postgresql.org/docs/current/datatype-geometric.html#DATATYPE-LSEG">Line segments</a>
 */
public record LineSegment(Point start, Point end) {

    /** Checks that nothing is null. */
    public LineSegment {
        Objects.requireNonNull(start, "start");
        Objects.requireNonNull(end, "end");
    }

    /**
     * Reads the text that PostgreSQL prints: {@code [(0,0),(1.5,2)]}.
     *
     * @param text the text
     * @return never null
     * @throws IllegalArgumentException if it is no such text
     */
    public static LineSegment parse(String text) {
        GeometryText in = new GeometryText(text);
        in.expect('[');
        Point start = in.point();
        Point end = in.expect(',').point();
        in.expect(']');
        return in.end(new LineSegment(start, end));
    }

    /** Returns the text as PostgreSQL prints it. */
    @Override
    public String toString() {
        return GeometryText.print('[', List.of(start, end), ']');
    }
}
