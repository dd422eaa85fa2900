package dev.howdah.type;

import java.util.ArrayList;
import java.util.List;

/**
 * The text forms of geometric types as PostgreSQL prints them, read from the left to the right; spaces between the parts
 * are passed over.
 */
final class GeometryText {

    private final String text;
    private int at;

    GeometryText(String text) {
        this.text = text;
    }

    /** Returns the next character that is no space, 0 at the end. */
    char peek() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    GeometryText expect(char c) {
        if (peek() != c) {
            throw wrong();
        }
        at++;
        return this;
    }

    double number() {
        peek();
        int start = at;
        while (at < text.length() && ",)]}> ".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String number = text.substring(start, at);
        return switch (number) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> finite(number);
        };
    }

    private static double finite(String number) {
        // Java would also take letters of its own, as in 1d.
        if (!number.chars().allMatch(c -> "0123456789+-.eE".indexOf(c) >= 0)) {
            throw wrong();
        }
        return Double.parseDouble(number);
    }

    Point point() {
        expect('(');
        double x = number();
        expect(',');
        double y = number();
        expect(')');
        return new Point(x, y);
    }

    /** Reads points between a pair of brackets. */
    List<Point> points(char open, char close) {
        expect(open);
        List<Point> points = new ArrayList<>();
        points.add(point());
        while (peek() == ',') {
            expect(',');
            points.add(point());
        }
        expect(close);
        return points;
    }

    /** Says that the value has been read, and returns it. */
    <T> T end(T value) {
        if (peek() != 0 || at < text.length()) {
            throw wrong();
        }
        return value;
    }

    private static IllegalArgumentException wrong() {
        return new IllegalArgumentException("the text is not a geometric value as PostgreSQL prints it");
    }

    /** Prints points between a pair of brackets. */
    static String print(char open, List<Point> points, char close) {
        StringBuilder out = new StringBuilder(points.size() * 8);
        out.append(open);
        for (int i = 0; i < points.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            out.append(points.get(i));
        }
        return out.append(close).toString();
    }
}
