package dev.howdah.transport;

import dev.howdah.session.Session;

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
 */
public record Dialed(
        Transport transport,
        Session session,
        DialPlan plan,
        Endpoint endpoint,
        int protocolVersion,
        String authentication,
        boolean usedPassword) {}
