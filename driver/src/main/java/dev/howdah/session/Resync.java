package dev.howdah.session;

import dev.howdah.error.Delivery;
import dev.howdah.error.ServerException;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.ErrorResponse;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.Sync;

/**
 * Ends what was left open between two exchanges: the implicit transaction of a portal that nobody will read on, and the
 * portal with it.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY">Extended query</a>
 */
public final class Resync extends Exchange<Boolean> {

    /** Makes the exchange. */
    public Resync() {}

    @Override
    protected boolean transmit(Outbox out) {
        Sync.INSTANCE.write(out.writer());
        return true;
    }

    @Override
    protected boolean receive(BackendMessage message) {
        return switch (message) {
            case ReadyForQuery ready -> true;
            case ErrorResponse error -> {
                fail(ServerException.of(error.diagnostics(), null, Delivery.REFUSED));
                yield false;
            }
            default -> throw unexpected(message);
        };
    }

    @Override
    protected Boolean value() {
        return true;
    }

    @Override
    protected String describe() {
        return "a Sync";
    }
}
