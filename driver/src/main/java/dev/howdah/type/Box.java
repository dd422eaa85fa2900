package dev.howdah.type;

/**
 * A value of PostgreSQL's {@code box}: a rectangle along the axes. Immutable. As in PostgreSQL, any two opposite corners
 * may be given, and the upper right and the lower left one are kept.
 *
 * @param high the upper right corner
 * @param low the lower left corner
 * @see <a href="https://www.postgresql.org/docs/current/datatype-geometric.html#DATATYPE-GEOMETRIC-BOXES">Boxes</a>
 */
public record Box(Point high, Point low) {

    /** Puts the corners in order; PostgreSQL holds NaN for greater than every number. */
    public Box {
        Point one = high;
        Point other = low;
        boolean swapX = less(one.x(), other.x());
        boolean swapY = less(one.y(), other.y());
        high = new Point(swapX ? other.x() : one.x(), swapY ? other.y() : one.y());
        low = new Point(swapX ? one.x() : other.x(), swapY ? one.y() : other.y());
    }

    private static boolean less(double a, double b) {
        return a < b || Double.isNaN(b) && !Double.isNaN(a);
    }

    /**
     * Reads the text that PostgreSQL prints: {@code (1.5,2),(0,0)}.
     *
     * @param text the text
     * @return never null
     * @throws IllegalArgumentException if it is no such text
     */
    public static Box parse(String text) {
        GeometryText in = new GeometryText(text);
        Point high = in.point();
        Point low = in.expect(',').point();
        return in.end(new Box(high, low));
    }

    /** Returns the text as PostgreSQL prints it. */
    @Override
    public String toString() {
        return high + "," + low;
    }
}
