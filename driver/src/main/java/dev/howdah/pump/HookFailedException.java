package dev.howdah.pump;

/** A hook that was to wait threw something, the cause. Never leaves the pump. */
final class HookFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Throwable thrown;

    HookFailedException(Throwable thrown) {
        super(thrown);
        this.thrown = thrown;
    }

    /** Throws what the hook threw. */
    RuntimeException rethrow() {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException exception ? exception : this;
    }

    /** Returns what the hook threw. */
    Throwable thrown() {
        return thrown;
    }
}
