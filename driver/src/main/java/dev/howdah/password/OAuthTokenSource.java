package dev.howdah.password;

import org.jspecify.annotations.Nullable;

/**
 * Gives OAuth bearer tokens for connections. Called on the thread that connects, when a server asks for a token; several
 * threads may call at once.
 *
 * <p>The first call for a server has no {@link OAuthRequest#discoveryUrl()}: the server waits meanwhile, so a source
 * should answer it only from what it has at hand, and with null otherwise. Then Howdah asks the server where its issuer is
 * and leaves it; the second call, between two connections, has the URL and may take its time, for example for a device
 * flow. No refreshing, no flow and no cache is done here.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-oauth.html">OAuth support</a>
 */
@FunctionalInterface
public interface OAuthTokenSource {

    /**
     * Gives a token.
     *
     * @param request what it is for
     * @return the token without the word Bearer; null if there is none (yet)
     * @throws RuntimeException fails the connect, and comes out of it as it is
     */
    @Nullable
    Secret token(OAuthRequest request);
}
