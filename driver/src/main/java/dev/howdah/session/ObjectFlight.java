package dev.howdah.session;

import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.ErrorResponse;
import org.jspecify.annotations.Nullable;

/**
 * What is under way for the large objects of a session: from the first request until the server owes no answer. The call
 * that needs no more of it leaves it, {@linkplain #isPaused() paused}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING">Pipelining</a>
 */
final class ObjectFlight extends Exchange<Boolean> {

    private final ObjectPipe pipe;

    ObjectFlight(ObjectPipe pipe) {
        this.pipe = pipe;
    }

    @Override
    protected boolean transmit(Outbox out) {
        return pipe.transmit(out);
    }

    /** Makes the session ask for what has been encoded. */
    void more() {
        resume();
    }

    @Override
    protected boolean receive(BackendMessage message) {
        if (message instanceof ErrorResponse error) {
            ServerException refused = ServerException.of(error.diagnostics(), pipe.sql(), Delivery.REFUSED);
            fail(refused);
            if (!error.diagnostics().isFatal()) {
                pipe.refused(refused);
            }
            return false;
        }
        if (!pipe.receive(message)) {
            throw unexpected(message);
        }
        return pipe.isQuiet();
    }

    @Override
    protected void row(byte[] bytes, int offset, int length) {
        pipe.row(bytes, offset, length);
    }

    @Override
    public boolean suspended() {
        return pipe.isHungry();
    }

    @Override
    public boolean isPaused() {
        return pipe.isReached();
    }

    @Override
    public void giveUp() {
        pipe.giveUp();
    }

    /** What was cancelled before all of it had been asked for has not been done, whether or not the server noticed. */
    @Override
    public @Nullable PgException told() {
        PgException known = failure();
        if (known != null || !pipe.isUnfinished()) {
            return known;
        }
        return ServerException.inPlace(
                SqlState.QUERY_CANCELED, "the call was cancelled between two requests", Delivery.UNKNOWN);
    }

    @Override
    void abandoned(PgException cause) {
        pipe.abandoned(cause);
    }

    @Override
    protected Boolean value() {
        return true;
    }

    @Override
    protected String describe() {
        return "what is done with a large object";
    }
}
