package dev.howdah.error;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect: what was tried, how far it came, and why it was given up, if it was. Immutable, without secrets.
 *
 * @param host the host as it was given: a name, an address, or the folder of a Unix socket
 * @param port the port, also a part of a Unix socket's name
 * @param address the numeric address or the path of the Unix socket; null if the host's name is not known
 * @param tls whether TLS was in use, or at least its handshake under way
 * @param steps the steps in the order in which they were begun, the one that failed last. With OAuth they may come twice: a server
 *     is asked where tokens come from, and connected to again.
 * @param reason why it was given up, for humans; null if the server was taken
 * @param cause the failure itself, for example a {@link ServerException}; null if the reason says it all, or if the server was taken
 */
public record ConnectAttempt(
        String host,
        int port,
        @Nullable String address,
        boolean tls,
        List<ConnectStep> steps,
        @Nullable String reason,
        @Nullable PgException cause)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Copies. */
    public ConnectAttempt {
        steps = List.copyOf(steps);
    }

    /** Returns whether the server was taken. */
    public boolean isAccepted() {
        return reason == null;
    }

    /** Returns whether it was a Unix socket. */
    public boolean isUnix() {
        return address != null && address.endsWith(".s.PGSQL." + port);
    }

    /** Returns the step that failed; null if none did, or if none was begun. */
    public ConnectStep.@Nullable Kind failedStep() {
        return reason == null || steps.isEmpty() ? null : steps.getLast().kind();
    }

    /** Returns how long all steps took together. */
    public Duration time() {
        Duration total = Duration.ZERO;
        for (ConnectStep step : steps) {
            total = total.plus(step.time());
        }
        return total;
    }

    /** Returns the code that the server answered with; null if it answered with no error. */
    public @Nullable SqlState sqlState() {
        if (cause instanceof ServerException server) {
            return server.sqlState();
        }
        Diagnostics words = cause instanceof ConnectionLostException lost ? lost.lastWords() : null;
        return words == null ? null : words.sqlState();
    }

    /** Returns host, address and port as a user would write them, such as {@code localhost (127.0.0.1) port 5432}. */
    public String where() {
        if (isUnix()) {
            return host + " port " + port + " (Unix socket)";
        }
        return (address == null || address.equals(host) ? host : host + " (" + address + ")") + " port " + port;
    }
}
