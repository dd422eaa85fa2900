package dev.howdah.type;

/**
 * A value of PostgreSQL's {@code point}. Immutable.
 *
 * <p>Two are equal if their numbers are, as {@link Double#compare} has it: NaN equals NaN, and 0.0 is not -0.0.
 * (PostgreSQL's {@code ~=} allows for a small error.)
 *
 * @param x the first coordinate
 * @param y the second coordinate
 * @see <a href="https://www.postgresql.org/docs/current/datatype-geometric.html#DATATYPE-GEOMETRIC-POINTS">Points</a>
 */
public record Point(double x, double y) {

    /**
     * Reads the text that PostgreSQL prints: {@code (1.5,2)}.
     *
     * @param text the text
     * @return never null
     * @throws IllegalArgumentException if it is no such text
     */
    public static Point parse(String text) {
        GeometryText in = new GeometryText(text);
        return in.end(in.point());
    }

    /** Returns the text as PostgreSQL prints it. */
    @Override
    public String toString() {
        return "(" + NumberText.print(x) + "," + NumberText.print(y) + ")";
    }
}
