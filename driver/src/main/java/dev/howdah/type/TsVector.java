package dev.howdah.type;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A value of PostgreSQL's {@code tsvector}: the lexemes of a document, each with the places where it stands. Immutable.
 * As in PostgreSQL, lexemes are in the order of their UTF-8 bytes and none is there twice.
 *
 * @param lexemes in any order when given; kept in PostgreSQL's
 * @see <a href="https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSVECTOR">tsvector</a>
 */
public record TsVector(List<Lexeme> lexemes) {

    /** A document without lexemes. */
    public static final TsVector EMPTY = new TsVector(List.of());

    /**
     * Puts the lexemes in order.
     *
     * @throws IllegalArgumentException if one is there twice
     */
    public TsVector {
        List<Lexeme> sorted = new ArrayList<>(lexemes);
        sorted.sort((a, b) -> compare(a.text, b.text));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i - 1).text.equals(sorted.get(i).text)) {
                throw new IllegalArgumentException("a lexeme stands in a tsvector only once");
            }
        }
        lexemes = List.copyOf(sorted);
    }

    private static int compare(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    /** How much a place counts, in titles or in running text. */
    public enum Weight {
        /** The weight of places without one. */
        D(0),
        /** The third. */
        C(1),
        /** The second. */
        B(2),
        /** The heaviest. */
        A(3);

        private static final List<Weight> ALL = List.of(values());

        private final int code;

        Weight(int code) {
            this.code = code;
        }

        /** Its number in the binary form. */
        int code() {
            return code;
        }

        static Weight of(int code) {
            return ALL.get(code);
        }
    }

    /**
     * A place where a lexeme stands.
     *
     * @param position from 1; PostgreSQL counts no further than 16383
     * @param weight its weight
     */
    public record Position(int position, Weight weight) {

        private static final int MAX = 16383;

        /**
         * Checks the number.
         *
         * @throws IllegalArgumentException if it is not within 1 to 16383
         */
        public Position {
            Objects.requireNonNull(weight, "weight");
            if (position < 1 || position > MAX) {
                throw new IllegalArgumentException("a position is within 1 to " + MAX);
            }
        }
    }

    /**
     * A word in its normal form, and where it stands.
     *
     * @param text the word, not empty, up to 2046 bytes in UTF-8
     * @param positions ascending; may be empty
     */
    public record Lexeme(String text, List<Position> positions) {

        private static final int MAX_POSITIONS = 256;

        /**
         * Copies the positions.
         *
         * @throws IllegalArgumentException if they do not ascend, are more than 256, or the word is empty
         */
        public Lexeme {
            positions = List.copyOf(positions);
            boolean sound = !text.isEmpty() && positions.size() <= MAX_POSITIONS;
            for (int i = 1; i < positions.size(); i++) {
                sound &= positions.get(i - 1).position < positions.get(i).position;
            }
            if (!sound) {
                throw new IllegalArgumentException("a lexeme is not empty and has up to 256 ascending positions");
            }
        }

        /**
         * Makes a lexeme, its places without special weight.
         *
         * @param text the word
         * @param positions ascending
         * @return never null
         */
        public static Lexeme of(String text, int... positions) {
            return new Lexeme(
                    text,
                    Arrays.stream(positions)
                            .mapToObj(p -> new Position(p, Weight.D))
                            .toList());
        }
    }

    /**
     * Reads the text that PostgreSQL prints: {@code 'cat':3,5A 'fat':2}.
     *
     * @param text the text
     * @return never null
     * @throws IllegalArgumentException if it is no such text
     */
    public static TsVector parse(String text) {
        TsText in = new TsText(text);
        List<Lexeme> lexemes = new ArrayList<>();
        while (in.peek() != 0) {
            String word = in.word();
            List<Position> positions = new ArrayList<>();
            if (in.take(':')) {
                do {
                    positions.add(new Position(in.number(), in.weight()));
                } while (in.take(','));
            }
            lexemes.add(new Lexeme(word, positions));
        }
        in.end();
        return new TsVector(lexemes);
    }

    /** Returns the text as PostgreSQL prints it. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (Lexeme lexeme : lexemes) {
            TsText.quote(lexeme.text, out.isEmpty() ? out : out.append(' '));
            char before = ':';
            for (Position position : lexeme.positions) {
                out.append(before).append(position.position);
                out.append(position.weight == Weight.D ? "" : position.weight.name());
                before = ',';
            }
        }
        return out.toString();
    }
}
