package dev.howdah.message;

import dev.howdah.error.ProtocolException;

/** Whether a transaction is open, as ReadyForQuery says. */
public enum TransactionStatus {
    /** None is. */
    IDLE('I'),
    /** One is. */
    IN_TRANSACTION('T'),
    /** One is that failed: everything is refused until it is rolled back. */
    FAILED('E');

    private final char code;

    TransactionStatus(char code) {
        this.code = code;
    }

    /** Returns the letter on the wire. */
    public char code() {
        return code;
    }

    static TransactionStatus of(char code) {
        return switch (code) {
            case 'I' -> IDLE;
            case 'T' -> IN_TRANSACTION;
            case 'E' -> FAILED;
            default -> throw new ProtocolException("ReadyForQuery has the unknown status " + (int) code);
        };
    }
}
