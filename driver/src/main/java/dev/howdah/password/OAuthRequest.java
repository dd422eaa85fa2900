package dev.howdah.password;

import org.jspecify.annotations.Nullable;

/**
 * For which server and user a token is wanted.
 *
 * @param user the role that connects
 * @param host the host that it connects to, as it was given
 * @param issuer the trusted issuer, the option {@code oauth_issuer}; null if none is given
 * @param clientId the OAuth client, the option {@code oauth_client_id}; null if none is given
 * @param clientSecret the client's secret, the option {@code oauth_client_secret}; null if none is given
 * @param scope what the token is for, names with blanks between them: the option {@code oauth_scope}, else what the
 *     server said; null if neither did
 * @param discoveryUrl where the issuer describes itself, as the server said it; it always belongs to {@code issuer}.
 *     Null when the server has not been asked
 * @see <a href="https://www.postgresql.org/docs/current/libpq-oauth.html">OAuth support</a>
 */
public record OAuthRequest(
        String user,
        String host,
        @Nullable String issuer,
        @Nullable String clientId,
        @Nullable Secret clientSecret,
        @Nullable String scope,
        @Nullable String discoveryUrl) {}
