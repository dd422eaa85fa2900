package dev.howdah.auth;

import dev.howdah.error.ConfigException;
import dev.howdah.error.ProtocolException;
import dev.howdah.message.Bytes;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server answers to a token that it does not take.
 *
 * @param status why, such as invalid_token
 * @param scope what the token has to be for, or null
 * @param configuration where the issuer describes itself, or null
 * @see <a href="https://datatracker.ietf.org/doc/html/rfc7628#section-3.2.2">RFC 7628</a>
 */
record OAuthChallenge(
        String status, @Nullable String scope, @Nullable String configuration) {

    /** Where issuers describe themselves, in their URL or at its end. */
    private static final Pattern WELL_KNOWN =
            Pattern.compile("/\\.well-known/(openid-configuration|oauth-authorization-server)(?=/|$)");

    /** The longest part of the server's text in a message, in characters. */
    private static final int MAX_SHOWN = 300;

    static OAuthChallenge read(Bytes data) {
        Map<String, String> fields = FlatJson.read(data.utf8());
        String status = fields.get("status");
        if (status == null) {
            throw new ProtocolException("the server's OAuth challenge has no status");
        }
        return new OAuthChallenge(status, fields.get("scope"), fields.get("openid-configuration"));
    }

    /**
     * Returns where to get a token, if it is the issuer that the user trusts.
     *
     * @throws ConfigException if it is not
     */
    OAuthDiscovery discovery(OAuthSettings settings) {
        if (configuration == null) {
            throw new ConfigException(null, "The server asks for an OAuth token and does not say where to get one");
        }
        String trusted = settings.issuer();
        Matcher wellKnown = WELL_KNOWN.matcher(configuration);
        if (!configuration.startsWith("https://")
                || !wellKnown.find()
                || !configuration.equals(trusted) && !wellKnown.replaceFirst("").equals(trusted)) {
            throw new ConfigException(
                    "oauth_issuer", "the server names another one: " + shown(configuration) + " is not of " + trusted);
        }
        return new OAuthDiscovery(configuration, scope);
    }

    /** Returns it for humans. */
    String describe() {
        return "the server did not take the OAuth token: status " + shown(status)
                + (scope == null ? "" : ", scope " + shown(scope))
                + (configuration == null ? "" : ", issuer described at " + shown(configuration));
    }

    private static String shown(String text) {
        String cut = text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
        return "\"" + cut.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}]", "?") + "\"";
    }
}
