package dev.howdah.type;

import java.util.Objects;

/**
 * A value of PostgreSQL's {@code circle}. Immutable.
 *
 * @param center the point in the middle
 * @param radius the radius, not negative
 * @see <a href="https://www.postgresql.org/docs/current/datatype-geometric.html#DATATYPE-CIRCLE">Circles</a>
 */
public record Circle(Point center, double radius) {

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if the radius is negative
     */
    public Circle {
        Objects.requireNonNull(center, "center");
        if (radius < 0) {
            throw new IllegalArgumentException("a circle's radius cannot be negative");
        }
    }

    /**
     * Reads the text that PostgreSQL prints: {@code <(1.5,2),3>}.
     *
     * @param text the text
     * @return never null
     * @throws IllegalArgumentException if it is no such text
     */
    public static Circle parse(String text) {
        GeometryText in = new GeometryText(text);
        Point center = in.expect('<').point();
        double radius = in.expect(',').number();
        in.expect('>');
        return in.end(new Circle(center, radius));
    }

    /** Returns the text as PostgreSQL prints it. */
    @Override
    public String toString() {
        return "<" + center + "," + NumberText.print(radius) + ">";
    }
}
