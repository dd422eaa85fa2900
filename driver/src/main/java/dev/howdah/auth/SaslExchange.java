package dev.howdah.auth;

import dev.howdah.message.Bytes;
import dev.howdah.message.FrontendMessage;

/** One SASL mechanism at work. */
sealed interface SaslExchange permits ScramExchange, OAuthExchange {

    /** Returns the mechanism's name. */
    String mechanism();

    /** Returns the message that begins the exchange. */
    FrontendMessage first();

    /** Returns the answer to a challenge. */
    FrontendMessage challenge(Bytes data);

    /** Takes the server's last words. */
    void end(Bytes data);

    /** Throws if the exchange is not at the point where the server may accept us. */
    void accepted();

    /** Returns whether the proof is tied to the TLS connection. */
    boolean isBound();
}
