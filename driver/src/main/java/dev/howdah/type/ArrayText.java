package dev.howdah.type;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The text form of arrays.
 *
 * @see <a href="https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO">Array input and output</a>
 */
final class ArrayText<E> {

    private final String text;
    private final char delimiter;
    private final Function<String, E> element;
    private final List<@Nullable E> elements = new ArrayList<>();
    private final List<Integer> lowerBounds = new ArrayList<>();
    private final List<Integer> declared = new ArrayList<>();
    private final int[] counts = new int[PgArray.MAX_DIMENSIONS];
    private int depth;
    private int at;

    ArrayText(String text, char delimiter, Function<String, E> element) {
        this.text = text;
        this.delimiter = delimiter;
        this.element = element;
        Arrays.fill(counts, -1);
    }

    PgArray<E> read() {
        readBounds();
        if (text.startsWith("{}", at)) {
            at += 2;
        } else {
            readLevel(0);
        }
        require(at == text.length());
        int[] dimensions = Arrays.copyOf(counts, depth);
        int[] bounds = new int[depth];
        Arrays.fill(bounds, 1);
        if (!declared.isEmpty()) {
            require(declared.size() == depth);
            for (int i = 0; i < depth; i++) {
                bounds[i] = lowerBounds.get(i);
                require(declared.get(i) == dimensions[i]);
            }
        }
        return PgArray.of(dimensions, bounds, elements);
    }

    /** Reads {@code [2:3][0:1]=}, which stands in front if a lower bound is not 1. */
    private void readBounds() {
        while (peek() == '[') {
            int colon = text.indexOf(':', at);
            int close = text.indexOf(']', at);
            require(colon > at && close > colon);
            int lower = NumberText.int4(text.substring(at + 1, colon));
            lowerBounds.add(lower);
            declared.add(NumberText.int4(text.substring(colon + 1, close)) - lower + 1);
            at = close + 1;
        }
        if (!declared.isEmpty()) {
            require(peek() == '=');
            at++;
        }
    }

    private void readLevel(int level) {
        require(level < PgArray.MAX_DIMENSIONS && peek() == '{');
        int count = 0;
        do {
            at++;
            if (peek() == '{') {
                require(depth == 0 || level < depth - 1);
                readLevel(level + 1);
            } else {
                require(depth == 0 || level == depth - 1);
                depth = level + 1;
                readElement();
            }
            count++;
        } while (peek() == delimiter);
        require(peek() == '}' && (counts[level] == -1 || counts[level] == count));
        counts[level] = count;
        at++;
    }

    private void readElement() {
        if (peek() == '"') {
            elements.add(element.apply(quoted()));
            return;
        }
        int start = at;
        boolean escaped = false;
        while (peek() != delimiter && peek() != '}') {
            require(peek() != 0 && peek() != '{' && peek() != '"');
            if (peek() == '\\') {
                escaped = true;
                at++;
            }
            at++;
        }
        require(at > start && at <= text.length());
        String plain = text.substring(start, at);
        if (escaped) {
            elements.add(element.apply(unescape(plain)));
        } else {
            elements.add(plain.equalsIgnoreCase("NULL") ? null : element.apply(plain));
        }
    }

    private String quoted() {
        int start = at + 1;
        at = start;
        boolean escaped = false;
        while (peek() != '"') {
            require(peek() != 0);
            if (peek() == '\\') {
                escaped = true;
                at++;
            }
            at++;
        }
        String content = text.substring(start, at);
        at++;
        return escaped ? unescape(content) : content;
    }

    private static String unescape(String content) {
        StringBuilder out = new StringBuilder(content.length());
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            if (c == '\\') {
                i++;
                require(i < content.length());
                c = content.charAt(i);
            }
            out.append(c);
        }
        return out.toString();
    }

    /** Returns the next character, 0 at the end; PostgreSQL's text holds no U+0000. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private static void require(boolean sound) {
        if (!sound) {
            throw Refusal.reading("the text is not an array");
        }
    }

    /** Prints an array whose elements are in their own text form, as PostgreSQL prints it. */
    static String print(PgArray<?> array, char delimiter) {
        int[] dimensions = array.dimensions();
        if (dimensions.length == 0) {
            return "{}";
        }
        StringBuilder out = new StringBuilder();
        int[] lowerBounds = array.lowerBounds();
        if (Arrays.stream(lowerBounds).anyMatch(bound -> bound != 1)) {
            for (int i = 0; i < dimensions.length; i++) {
                out.append('[').append(lowerBounds[i]).append(':');
                out.append(lowerBounds[i] + dimensions[i] - 1).append(']');
            }
            out.append('=');
        }
        printLevel(array.elements(), dimensions, 0, 0, delimiter, out);
        return out.toString();
    }

    /** Prints one level and returns the index behind its last element. */
    private static int printLevel(
            List<?> elements, int[] dimensions, int level, int from, char delimiter, StringBuilder out) {
        int index = from;
        for (int i = 0; i < dimensions[level]; i++) {
            out.append(i == 0 ? '{' : delimiter);
            if (level < dimensions.length - 1) {
                index = printLevel(elements, dimensions, level + 1, index, delimiter, out);
            } else {
                printElement(elements.get(index), delimiter, out);
                index++;
            }
        }
        out.append('}');
        return index;
    }

    private static void printElement(@Nullable Object element, char delimiter, StringBuilder out) {
        if (element == null) {
            out.append("NULL");
            return;
        }
        String text = element.toString();
        if (!needsQuotes(text, delimiter)) {
            out.append(text);
            return;
        }
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        out.append('"');
    }

    private static boolean needsQuotes(String text, char delimiter) {
        if (text.isEmpty() || text.equalsIgnoreCase("NULL")) {
            return true;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\' || c == '{' || c == '}' || c == delimiter || c == ' ' || c >= 9 && c <= 13) {
                return true;
            }
        }
        return false;
    }
}
