package dev.howdah.auth;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a client may prove itself, the same for all hosts.
 *
 * @param allowedMethods the methods by which the server may have us prove who we are, as in libpq's require_auth
 * @param channelBinding whether SCRAM is to be tied to the TLS connection
 * @param scramMaxIterations the most rounds of hashing that a server can have us do
 * @param scramKeys where SCRAM keys are kept between connections, or null if they are not
 * @param oauth where bearer tokens come from
 * @param gss how GSSAPI is to be done
 */
public record AuthSettings(
        Set<String> allowedMethods,
        ChannelBinding channelBinding,
        int scramMaxIterations,
        @Nullable ScramKeyCache scramKeys,
        OAuthSettings oauth,
        GssSettings gss) {

    /** Copies the set. */
    public AuthSettings {
        allowedMethods = Set.copyOf(allowedMethods);
    }
}
