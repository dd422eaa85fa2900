package dev.howdah.message;

import dev.howdah.error.ProtocolException;

/** What a Describe or Close is about. */
public enum Target {
    /** A prepared statement. */
    STATEMENT('S'),
    /** A portal. */
    PORTAL('P');

    private final char code;

    Target(char code) {
        this.code = code;
    }

    /** Returns the letter on the wire. */
    public char code() {
        return code;
    }

    static Target of(char code) {
        return switch (code) {
            case 'S' -> STATEMENT;
            case 'P' -> PORTAL;
            default -> throw new ProtocolException("neither statement nor portal: code " + (int) code);
        };
    }
}
