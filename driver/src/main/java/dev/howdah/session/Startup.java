package dev.howdah.session;

import dev.howdah.auth.Authenticator;
import dev.howdah.error.ConfigException;
import dev.howdah.error.Delivery;
import dev.howdah.error.Diagnostics;
import dev.howdah.error.PgException;
import dev.howdah.error.ProtocolException;
import dev.howdah.error.ServerException;
import dev.howdah.message.AuthenticationMessage;
import dev.howdah.message.AuthenticationOk;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.ErrorResponse;
import dev.howdah.message.FrontendMessage;
import dev.howdah.message.NegotiateProtocolVersion;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.StartupMessage;
import org.jspecify.annotations.Nullable;

/**
 * From the first message to the moment when the server is ready for queries: parameters, protocol version,
 * authentication.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP">Start-up</a>
 */
public final class Startup extends Exchange<Integer> {

    private final StartupMessage first;
    private final Authenticator authenticator;
    private @Nullable FrontendMessage answer;
    private boolean begun;
    private boolean authenticated;
    private boolean negotiated;
    private int version;

    /** Makes the exchange. */
    public Startup(StartupMessage first, Authenticator authenticator) {
        this.first = first;
        this.authenticator = authenticator;
        this.version = first.version();
    }

    @Override
    protected boolean transmit(Outbox out) {
        if (!begun) {
            begun = true;
            first.write(out.writer());
        } else if (answer != null) {
            answer.write(out.writer());
            answer = null;
        }
        return true;
    }

    @Override
    protected boolean receive(BackendMessage message) {
        switch (message) {
            case AuthenticationMessage request -> authenticate(request);
            case NegotiateProtocolVersion negotiation -> negotiate(negotiation);
            case ErrorResponse error -> {
                fail(ServerException.of(explained(error.diagnostics()), null, Delivery.NOT_SENT));
                return true;
            }
            case ReadyForQuery ready -> {
                if (!authenticated) {
                    throw new ProtocolException("the server says it is ready before it has accepted us");
                }
                return true;
            }
            default -> throw unexpected(message);
        }
        return failure() != null;
    }

    private void authenticate(AuthenticationMessage request) {
        if (authenticated) {
            throw new ProtocolException("the server asks for authentication after it has accepted us");
        }
        try {
            answer = authenticator.answer(request);
        } catch (ConfigException e) {
            refuse(e);
            return;
        }
        authenticated = request instanceof AuthenticationOk;
        if (answer != null) {
            resume();
        }
    }

    /** An OAuth challenge says more than the error that follows it: its words stand where the server gives no detail. */
    private Diagnostics explained(Diagnostics error) {
        String refusal = authenticator.refusal();
        if (authenticated || refusal == null || error.messageDetail() != null) {
            return error;
        }
        return new Diagnostics(
                error.severity(),
                error.severityNonlocalized(),
                error.sqlState(),
                error.messagePrimary(),
                refusal,
                error.messageHint(),
                error.statementPosition(),
                error.internalPosition(),
                error.internalQuery(),
                error.context(),
                error.schemaName(),
                error.tableName(),
                error.columnName(),
                error.datatypeName(),
                error.constraintName(),
                error.sourceFile(),
                error.sourceLine(),
                error.sourceFunction());
    }

    private void refuse(PgException reason) {
        fail(reason);
    }

    private void negotiate(NegotiateProtocolVersion negotiation) {
        int minor = negotiation.minorVersion();
        if (authenticated || minor > (first.version() & 0xffff)) {
            throw new ProtocolException("the server negotiates protocol version 3." + minor + " unasked");
        }
        if (negotiated) {
            throw new ProtocolException("the server negotiates the protocol version twice");
        }
        negotiated = true;
        if (!first.parameters().keySet().containsAll(negotiation.unknownOptions())) {
            throw new ProtocolException("the server refuses protocol options that were not asked for");
        }
        if (!negotiation.unknownOptions().isEmpty()) {
            refuse(new ConfigException(
                    null, "the server does not know the protocol options " + negotiation.unknownOptions()));
        }
        version = first.version() & ~0xffff | minor;
    }

    /** Returns whether the server has accepted us. */
    public boolean isAuthenticated() {
        return authenticated;
    }

    /** Returns the protocol version agreed, as in the startup message. */
    @Override
    protected Integer value() {
        return version;
    }

    @Override
    protected String describe() {
        return "the startup message";
    }
}
