package dev.howdah.transport;

import dev.howdah.error.ConnectAttempt;
import dev.howdah.session.Session;
import java.time.Duration;
import java.util.List;

/**
 * A connection whose server is ready for queries.
 *
 * @param transport how its bytes move
 * @param session the conversation
 * @param plan how it was dialled
 * @param endpoint where the server is
 * @param protocolVersion the protocol version agreed
 * @param authentication what the server asked for, such as SCRAM-SHA-256
 * @param usedPassword whether a password was used
 * @param attempts all attempts that were made, in order; the last one is this connection
 * @param time how long connecting took, failed attempts included
 */
public record Dialed(
        Transport transport,
        Session session,
        DialPlan plan,
        Endpoint endpoint,
        int protocolVersion,
        String authentication,
        boolean usedPassword,
        List<ConnectAttempt> attempts,
        Duration time) {

    /** Copies. */
    public Dialed {
        attempts = List.copyOf(attempts);
    }
}
