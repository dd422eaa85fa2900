package dev.howdah.auth;

import dev.howdah.error.ConfigException;
import dev.howdah.error.ProtocolException;
import dev.howdah.message.Bytes;
import dev.howdah.message.FrontendMessage;
import dev.howdah.message.GSSResponse;
import org.jspecify.annotations.Nullable;

/**
 * One GSSAPI exchange, also in answer to a request for SSPI.
 *
 * @see <a href="https://www.postgresql.org/docs/current/gssapi-auth.html">GSSAPI authentication</a>
 */
final class GssExchange {

    private final GssContext context;

    private GssExchange(GssContext context) {
        this.context = context;
    }

    static GssExchange begin(Credentials credentials) {
        String host = credentials.peer().host();
        if (host.isEmpty() || host.startsWith("/")) {
            throw new ConfigException("host", "the server asks for GSSAPI, which needs the server's name");
        }
        GssSettings settings = credentials.settings().gss();
        return new GssExchange(settings.contexts().begin(settings.service(), host, settings.delegation()));
    }

    /** Returns our first token. */
    FrontendMessage first() {
        Bytes token = step(Bytes.EMPTY);
        if (token.length() == 0) {
            throw new ConfigException(null, "GSSAPI has no token to begin with");
        }
        return new GSSResponse(token);
    }

    /** Returns the answer to a token of the server, or null if none is due. */
    @Nullable
    FrontendMessage challenge(Bytes data) {
        if (context.isEstablished()) {
            throw new ProtocolException("the server continued a GSSAPI exchange that had ended");
        }
        Bytes token = step(data);
        return token.length() == 0 ? null : new GSSResponse(token);
    }

    private Bytes step(Bytes data) {
        try {
            return context.step(data);
        } catch (RuntimeException e) {
            context.dispose();
            throw e;
        }
    }

    /** Throws if the server has not proved who it is. */
    void accepted() {
        boolean established = context.isEstablished();
        context.dispose();
        if (!established) {
            throw new ProtocolException("the server accepted us before the GSSAPI exchange had ended");
        }
    }
}
