package dev.howdah.type;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text form of row types: in parentheses, separated by commas; nothing at all stands for NULL.
 *
 * @see <a href="https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-IO-SYNTAX">Composite type input and
 *     output</a>
 */
final class CompositeText {

    private final String text;
    private int at;

    private CompositeText(String text) {
        this.text = text;
    }

    /** Reads the texts of the attributes; {@code ()} is one NULL, which is also how no attribute looks. */
    static List<@Nullable String> read(String text) {
        return new CompositeText(text).read();
    }

    private List<@Nullable String> read() {
        List<@Nullable String> values = new ArrayList<>();
        skipSpace();
        require(peek() == '(');
        do {
            at++;
            values.add(value());
        } while (peek() == ',');
        require(peek() == ')');
        at++;
        skipSpace();
        require(at == text.length());
        return values;
    }

    private @Nullable String value() {
        int start = at;
        StringBuilder out = new StringBuilder();
        boolean quoted = false;
        while (quoted || peek() != ',' && peek() != ')') {
            require(at < text.length());
            char c = peek();
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
        return at == start ? null : out.toString();
    }

    /** Returns the next character, 0 at the end; PostgreSQL's text holds no U+0000. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void skipSpace() {
        while (Character.isWhitespace(peek())) {
            at++;
        }
    }

    private static void require(boolean sound) {
        if (!sound) {
            throw Refusal.reading("the text is not a row");
        }
    }

    /** Prints values that are in their own text form, as PostgreSQL prints them. */
    static String print(List<? extends @Nullable Object> values) {
        StringBuilder out = new StringBuilder("(");
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            @Nullable Object value = values.get(i);
            if (value != null) {
                PartText.print(value.toString(), "(),", out);
            }
        }
        return out.append(')').toString();
    }
}
