package dev.howdah.cli.demo;

/** What a chapter expected did not happen. */
public final class UnmetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnmetException(String message) {
        super(message);
    }
}
