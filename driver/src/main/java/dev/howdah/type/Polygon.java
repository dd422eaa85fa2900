package dev.howdah.type;

import java.util.List;

/**
 * A value of PostgreSQL's {@code polygon}. Immutable.
 *
 * <p>Two are equal if they have the same points in the same order. (PostgreSQL's {@code ~=} does not mind where a polygon
 * begins.)
 *
 * @param points its corners, at least one
 * @see <a href="https://www.postgresql.org/docs/current/datatype-geometric.html#DATATYPE-POLYGON">Polygons</a>
 */
public record Polygon(List<Point> points) {

    /**
     * Copies the points.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Polygon {
        points = List.copyOf(points);
        if (points.isEmpty()) {
            throw new IllegalArgumentException("a polygon has at least one point");
        }
    }

    /**
     * Makes a polygon.
     *
     * @param points its corners, at least one
     * @return never null
     */
    public static Polygon of(Point... points) {
        return new Polygon(List.of(points));
    }

    /**
     * Reads the text that PostgreSQL prints: {@code ((0,0),(1.5,2),(3,0))}.
     *
     * @param text the text
     * @return never null
     * @throws IllegalArgumentException if it is no such text
     */
    public static Polygon parse(String text) {
        GeometryText in = new GeometryText(text);
        return in.end(new Polygon(in.points('(', ')')));
    }

    /** Returns the text as PostgreSQL prints it. */
    @Override
    public String toString() {
        return GeometryText.print('(', points, ')');
    }
}
