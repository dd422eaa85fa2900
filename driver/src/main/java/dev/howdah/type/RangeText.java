package dev.howdah.type;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The text form of ranges and multiranges.
 *
 * @see <a href="https://www.postgresql.org/docs/current/rangetypes.html#RANGETYPES-IO">Input and output of ranges</a>
 */
final class RangeText<T> {

    private static final String EMPTY = "empty";

    private final String text;
    private final Function<String, T> bound;
    private int at;

    RangeText(String text, Function<String, T> bound) {
        this.text = text;
        this.bound = bound;
    }

    Range<T> range() {
        Range<T> range = next();
        require(at == text.length());
        return range;
    }

    Multirange<T> multirange() {
        List<Range<T>> ranges = new ArrayList<>();
        skipSpace();
        expect('{');
        skipSpace();
        if (peek() != '}') {
            ranges.add(next());
            while (peek() == ',') {
                at++;
                ranges.add(next());
            }
        }
        expect('}');
        skipSpace();
        require(at == text.length());
        return Multirange.of(ranges);
    }

    private Range<T> next() {
        skipSpace();
        Range<T> range;
        if (text.regionMatches(true, at, EMPTY, 0, EMPTY.length())) {
            at += EMPTY.length();
            range = Range.empty();
        } else {
            boolean lowerInclusive = peek() == '[';
            require(lowerInclusive || peek() == '(');
            at++;
            @Nullable T lower = bound();
            expect(',');
            @Nullable T upper = bound();
            boolean upperInclusive = peek() == ']';
            require(upperInclusive || peek() == ')');
            at++;
            range = Range.of(lower, lowerInclusive, upper, upperInclusive);
        }
        skipSpace();
        return range;
    }

    /** Reads one bound; where nothing at all stands, there is none. */
    private @Nullable T bound() {
        int start = at;
        StringBuilder out = new StringBuilder();
        boolean quoted = false;
        while (quoted || peek() != ',' && peek() != ')' && peek() != ']') {
            char c = peek();
            require(at < text.length());
            at++;
            if (c == '"') {
                if (quoted && peek() == '"') {
                    out.append(c);
                    at++;
                } else {
                    quoted = !quoted;
                }
                continue;
            }
            if (c == '\\') {
                require(at < text.length());
                c = peek();
                at++;
            }
            out.append(c);
        }
        return at == start ? null : bound.apply(out.toString());
    }

    /** Returns the next character, 0 at the end; PostgreSQL's text holds no U+0000. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void expect(char c) {
        require(peek() == c);
        at++;
    }

    private void skipSpace() {
        while (Character.isWhitespace(peek())) {
            at++;
        }
    }

    private static void require(boolean sound) {
        if (!sound) {
            throw Refusal.reading("the text is not a range");
        }
    }

    /**
     * Prints a range as PostgreSQL does.
     *
     * @param bound makes the text of a bound
     */
    static <T> String print(Range<T> range, Function<? super T, String> bound) {
        if (range.isEmpty()) {
            return EMPTY;
        }
        StringBuilder out = new StringBuilder();
        out.append(range.lowerInclusive() ? '[' : '(');
        @Nullable T lower = range.lower();
        if (lower != null) {
            PartText.print(bound.apply(lower), "()[],", out);
        }
        out.append(',');
        @Nullable T upper = range.upper();
        if (upper != null) {
            PartText.print(bound.apply(upper), "()[],", out);
        }
        return out.append(range.upperInclusive() ? ']' : ')').toString();
    }
}
