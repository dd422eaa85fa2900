package dev.howdah.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * No connection could be made. The message names every host that was tried and why it failed; the failure of the last
 * one is the cause, the others are suppressed exceptions.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html">Database connection control</a>
 */
public final class ConnectFailedException extends PgException {
    private static final long serialVersionUID = 1L;

    /** What was tried, in order. */
    private final ConnectAttempt[] attempts;

    /**
     * Reports a failed connect.
     *
     * @param attempts what was tried, in order; empty if no host could be tried at all
     */
    public ConnectFailedException(List<ConnectAttempt> attempts) {
        super(
                message(attempts),
                Delivery.NOT_SENT,
                attempts.isEmpty() ? null : attempts.getLast().cause());
        this.attempts = attempts.toArray(new ConnectAttempt[0]);
        for (int i = 0; i < this.attempts.length - 1; i++) {
            PgException cause = this.attempts[i].cause();
            if (cause != null && cause != getCause()) {
                addSuppressed(cause);
            }
        }
    }

    /**
     * What was tried, in order; each has the steps it took, their times, and why it failed.
     *
     * @return unmodifiable, maybe empty
     */
    public List<ConnectAttempt> attempts() {
        return List.of(attempts);
    }

    /**
     * The code of the last error that a server answered with.
     *
     * @return null if no server answered with an error
     */
    public @Nullable SqlState sqlState() {
        SqlState last = null;
        for (ConnectAttempt attempt : attempts) {
            SqlState state = attempt.sqlState();
            last = state != null ? state : last;
        }
        return last;
    }

    /**
     * {@inheritDoc}
     *
     * @return false if the last server refused the user or the database (SQLSTATE classes 28 and 3D), else true
     */
    @Override
    public boolean isSafeToRetry() {
        SqlState state = sqlState();
        return state == null
                || !(state.classCode().equals("28") || state.classCode().equals("3D"));
    }

    private static String message(List<ConnectAttempt> attempts) {
        if (attempts.isEmpty()) {
            return "Could not connect: there is no host to try";
        }
        StringBuilder text = new StringBuilder("Could not connect");
        String separator = attempts.size() == 1 ? " to " : "\n  ";
        for (ConnectAttempt attempt : attempts) {
            text.append(separator)
                    .append(attempt.where())
                    .append(attempt.tls() && hasOtherWay(attempt, attempts) ? " with TLS" : "")
                    .append(": ")
                    .append(attempt.reason());
        }
        return text.toString();
    }

    /** Tells whether the same server was tried without TLS, too. */
    private static boolean hasOtherWay(ConnectAttempt secured, List<ConnectAttempt> attempts) {
        return attempts.stream().anyMatch(other -> !other.tls() && other.where().equals(secured.where()));
    }
}
