package dev.howdah.type;

/** Text of {@code tsvector} and {@code tsquery}, read from the left to the right; spaces between the parts are passed over. */
final class TsText {

    private static final String SPECIAL = "'\\:&|!()<>* ";

    private final String text;
    private int at;

    TsText(String text) {
        this.text = text;
    }

    /** Returns the next character that is no space, 0 at the end. */
    char peek() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    /** Passes over a character that stands here at once. */
    boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    void expect(char c) {
        if (!take(c)) {
            throw wrong();
        }
    }

    /** Reads a word: in quotes, where quotes and backslashes are doubled, or bare. */
    String word() {
        StringBuilder word = new StringBuilder();
        if (peek() == '\'') {
            at++;
            while (true) {
                char c = next();
                if (c == '\'' && !take('\'')) {
                    return word.toString();
                }
                word.append(c == '\\' ? next() : c);
            }
        }
        while (at < text.length() && SPECIAL.indexOf(text.charAt(at)) < 0) {
            word.append(text.charAt(at));
            at++;
        }
        return word.toString();
    }

    private char next() {
        if (at == text.length()) {
            throw wrong();
        }
        return text.charAt(at++);
    }

    int number() {
        int value = 0;
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            value = value * 10 + text.charAt(at) - '0';
            at++;
            if (at - start > 5) {
                throw wrong();
            }
        }
        if (at == start) {
            throw wrong();
        }
        return value;
    }

    /** Reads a weight's letter; D if there is none. */
    TsVector.Weight weight() {
        for (TsVector.Weight weight : TsVector.Weight.values()) {
            if (take(weight.name().charAt(0))) {
                return weight;
            }
        }
        return TsVector.Weight.D;
    }

    void end() {
        if (peek() != 0 || at < text.length()) {
            throw wrong();
        }
    }

    static IllegalArgumentException wrong() {
        return new IllegalArgumentException("the text is not as PostgreSQL prints text search values");
    }

    static void quote(String word, StringBuilder out) {
        out.append('\'');
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '\'' || c == '\\') {
                out.append(c);
            }
            out.append(c);
        }
        out.append('\'');
    }
}
