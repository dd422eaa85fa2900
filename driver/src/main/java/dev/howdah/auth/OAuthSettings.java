package dev.howdah.auth;

import dev.howdah.password.OAuthRequest;
import dev.howdah.password.OAuthTokenSource;
import dev.howdah.password.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Where bearer tokens come from.
 *
 * @param source gives them, or null if there is none
 * @param issuer the trusted issuer, or null
 * @param clientId the OAuth client, or null
 * @param clientSecret its secret, or null
 * @param scope what tokens are for, or null to ask the server
 */
public record OAuthSettings(
        @Nullable OAuthTokenSource source,
        @Nullable String issuer,
        @Nullable String clientId,
        @Nullable Secret clientSecret,
        @Nullable String scope) {

    /** Nothing at all. */
    public static final OAuthSettings NONE = new OAuthSettings(null, null, null, null, null);

    /** Asks the source for a token, with what the server said before, if it was asked. */
    public @Nullable Secret token(String user, String host, @Nullable OAuthDiscovery discovered) {
        if (source == null) {
            return null;
        }
        String wanted = scope != null ? scope : discovered == null ? null : discovered.scope();
        return source.token(new OAuthRequest(
                user, host, issuer, clientId, clientSecret, wanted, discovered == null ? null : discovered.url()));
    }
}
