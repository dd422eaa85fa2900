package dev.howdah.type;

/**
 * A value of PostgreSQL's {@code line}: all points with {@code a*x + b*y + c = 0}. Immutable.
 *
 * <p>Two are equal if their numbers are; the same line may be written in several ways.
 *
 * @param a the factor of x
 * @param b the factor of y; the server takes no line of which a and b are 0
 * @param c the constant
 * @see <a href="https://www.postgresql.org/docs/current/datatype-geometric.html#DATATYPE-LINE">Lines</a>
 */
public record Line(double a, double b, double c) {

    /**
     * Reads the text that PostgreSQL prints: <code>{1,-1,0}</code>.
     *
     * @param text the text
     * @return never null
     * @throws IllegalArgumentException if it is no such text
     */
    public static Line parse(String text) {
        GeometryText in = new GeometryText(text);
        double a = in.expect('{').number();
        double b = in.expect(',').number();
        double c = in.expect(',').number();
        in.expect('}');
        return in.end(new Line(a, b, c));
    }

    /** Returns the text as PostgreSQL prints it. */
    @Override
    public String toString() {
        return "{" + NumberText.print(a) + "," + NumberText.print(b) + "," + NumberText.print(c) + "}";
    }
}
