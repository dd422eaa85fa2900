package dev.howdah.testkit;

/** The server refused what an {@link AdminSession} asked. */
public final class AdminException extends RuntimeException {

    private final String sqlState;

    private final boolean fatal;

    AdminException(String severity, String sqlState, String message) {
        super(severity + ": " + message + " (" + sqlState + ")");
        this.sqlState = sqlState;
        this.fatal = !severity.equals("ERROR");
    }

    /** Whether the server ends the session with it. */
    boolean isFatal() {
        return fatal;
    }

    /** The server's five-character code. */
    public String sqlState() {
        return sqlState;
    }
}
