package dev.howdah.sql;

/**
 * A piece of SQL text as {@link SqlScanner} cuts it. Immutable.
 *
 * @param kind what it is
 * @param text the piece, as it stands in the text
 * @param start the index of its first char in the text, from 0
 */
public record SqlToken(Kind kind, String text, int start) {

    /** What a piece of SQL text is. */
    public enum Kind {
        /** Spaces and line breaks. */
        SPACE,
        /** A comment of either kind; that of {@code --} without its line break. */
        COMMENT,
        /** A keyword, or a name without quotes. */
        WORD,
        /** A name in double quotes, also {@code U&"..."}. */
        QUOTED_IDENTIFIER,
        /** A string constant of any kind with its prefix and quotes, and with the lines that continue it. */
        STRING,
        /** A number; never with a sign. */
        NUMBER,
        /** {@code $1} and so on; see {@link SqlToken#parameter()}. */
        PARAMETER,
        /** {@code :name}, if asked for; see {@link SqlToken#name()}. */
        NAMED,
        /** {@code ::}, {@code :=} or any other single character. */
        SYMBOL
    }

    /**
     * Returns which parameter this is, from 1.
     *
     * @throws IllegalStateException if this is no {@link Kind#PARAMETER}
     * @throws IllegalArgumentException if it is not between 1 and 65535
     */
    public int parameter() {
        require(Kind.PARAMETER);
        int number = 0;
        for (int i = 1; i < text.length() && number <= SqlStatement.MAX_PARAMETERS; i++) {
            number = number * 10 + (text.charAt(i) - '0');
        }
        if (number < 1 || number > SqlStatement.MAX_PARAMETERS) {
            throw new IllegalArgumentException("the parameter at index " + start + " is not between $1 and $65535");
        }
        return number;
    }

    /**
     * Returns the name behind the colon.
     *
     * @throws IllegalStateException if this is no {@link Kind#NAMED}
     */
    public String name() {
        require(Kind.NAMED);
        return text.substring(1);
    }

    /** Returns the index behind its last char. */
    public int end() {
        return start + text.length();
    }

    /** Returns whether it is this symbol. */
    boolean is(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    private void require(Kind wanted) {
        if (kind != wanted) {
            throw new IllegalStateException("this is no " + wanted + " but a " + kind);
        }
    }
}
