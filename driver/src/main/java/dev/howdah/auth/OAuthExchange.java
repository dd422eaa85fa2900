package dev.howdah.auth;

import dev.howdah.error.ConfigException;
import dev.howdah.error.ProtocolException;
import dev.howdah.message.Bytes;
import dev.howdah.message.FrontendMessage;
import dev.howdah.message.SASLInitialResponse;
import dev.howdah.message.SASLResponse;
import dev.howdah.password.Secret;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One OAUTHBEARER exchange: the token, or none to learn where the issuer is; then the server accepts us, or says why not
 * and waits for a dummy answer.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sasl-authentication.html#SASL-OAUTHBEARER">OAUTHBEARER</a>
 * @see <a href="https://datatracker.ietf.org/doc/html/rfc7628">RFC 7628</a>
 */
final class OAuthExchange implements SaslExchange {

    static final String MECHANISM = "OAUTHBEARER";

    /** Separates the parts of our message, and alone is the dummy answer. */
    private static final String SEPARATOR = "\u0001";

    /** What RFC 6750 calls b64token; nothing else can be sent. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private final OAuthSettings settings;
    private final @Nullable Secret token;
    private @Nullable OAuthChallenge refusal;

    private OAuthExchange(OAuthSettings settings, @Nullable Secret token) {
        this.settings = settings;
        this.token = token;
    }

    static OAuthExchange begin(Credentials credentials) {
        if (credentials.settings().channelBinding() == ChannelBinding.REQUIRE) {
            throw new ConfigException(
                    "channel_binding", "it is required, but the server asks for " + MECHANISM + ", which has none");
        }
        OAuthSettings settings = credentials.settings().oauth();
        if (settings.source() == null) {
            throw new ConfigException(
                    null, "The server asks for an OAuth token; give a source with ConnectOptionsBuilder.oauthToken");
        }
        Peer peer = credentials.peer();
        if (!peer.encrypted() && !peer.local()) {
            throw new ConfigException(
                    "sslmode",
                    "the server asks for an OAuth token, and one is not sent to another machine without TLS");
        }
        Secret token = credentials.oauthToken();
        if (token == null) {
            token = settings.token(credentials.user(), peer.host(), null);
        }
        if (token != null && !TOKEN.matcher(token.reveal()).matches()) {
            throw new ConfigException(
                    null, "The OAuth token has characters that a bearer token cannot have, or is empty");
        }
        if (token == null && settings.issuer() == null) {
            throw new ConfigException(
                    "oauth_issuer",
                    "the source has no OAuth token; to ask the server for its issuer, say which you trust");
        }
        return new OAuthExchange(settings, token);
    }

    @Override
    public String mechanism() {
        return MECHANISM;
    }

    @Override
    public boolean isBound() {
        return false;
    }

    @Override
    public FrontendMessage first() {
        String auth = token == null ? "" : "Bearer " + token.reveal();
        return new SASLInitialResponse(
                MECHANISM, Bytes.utf8("n,," + SEPARATOR + "auth=" + auth + SEPARATOR + SEPARATOR));
    }

    @Override
    public FrontendMessage challenge(Bytes data) {
        if (refusal != null) {
            throw new ProtocolException("the server refused the OAuth token twice");
        }
        OAuthChallenge said = OAuthChallenge.read(data);
        if (token == null) {
            said.discovery(settings);
        }
        refusal = said;
        return new SASLResponse(Bytes.utf8(SEPARATOR));
    }

    @Override
    public void end(Bytes data) {
        throw new ProtocolException("the server ended the OAUTHBEARER exchange with data, which it never has");
    }

    @Override
    public void accepted() {
        if (token == null || refusal != null) {
            throw new ProtocolException("the server accepted us without an OAuth token that it takes");
        }
    }

    /** Returns why the server refused the token, or null if it did not or there was no token. */
    @Nullable
    String refusal() {
        return refusal == null || token == null ? null : refusal.describe();
    }

    /** Returns where to get a token, if this exchange was there to find out. */
    @Nullable
    OAuthDiscovery discovery() {
        return refusal == null || token != null ? null : refusal.discovery(settings);
    }
}
