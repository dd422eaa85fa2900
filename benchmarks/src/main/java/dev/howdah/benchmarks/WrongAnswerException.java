package dev.howdah.benchmarks;

/** A client read or wrote something else than the server knows. */
final class WrongAnswerException extends RuntimeException {

    private static final long serialVersionUID = 1;

    WrongAnswerException(String message) {
        super(message);
    }
}
