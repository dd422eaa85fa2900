package dev.howdah.type;

import java.util.List;

/**
 * A value of PostgreSQL's {@code path}: points joined by lines, open or closed. Immutable.
 *
 * @param closed whether the last point is joined to the first
 * @param points at least one
 * @see <a href="https://www.postgresql.org/docs/current/datatype-geometric.html#DATATYPE-GEOMETRIC-PATHS">Paths</a>
 */
public record Path(boolean closed, List<Point> points) {

    /**
     * Copies the points.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Path {
        points = List.copyOf(points);
        if (points.isEmpty()) {
            throw new IllegalArgumentException("a path has at least one point");
        }
    }

    /**
     * Makes an open path.
     *
     * @param points at least one
     * @return never null
     */
    public static Path open(Point... points) {
        return new Path(false, List.of(points));
    }

    /**
     * Makes a closed path.
     *
     * @param points at least one
     * @return never null
     */
    public static Path closed(Point... points) {
        return new Path(true, List.of(points));
    }

    /**
     * Reads the text that PostgreSQL prints: {@code [(0,0),(1.5,2)]} is open, {@code ((0,0),(1.5,2))} closed.
     *
     * @param text the text
     * @return never null
     * @throws IllegalArgumentException if it is no such text
     */
    public static Path parse(String text) {
        GeometryText in = new GeometryText(text);
        boolean closed = in.peek() == '(';
        return in.end(new Path(closed, closed ? in.points('(', ')') : in.points('[', ']')));
    }

    /** Returns the text as PostgreSQL prints it. */
    @Override
    public String toString() {
        return closed ? GeometryText.print('(', points, ')') : GeometryText.print('[', points, ']');
    }
}
