package dev.howdah.session;

import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.error.ServerException;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.ErrorResponse;
import dev.howdah.message.ReadyForQuery;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline has under way: from the first thing it sends until the server is ready and owes no answer. Its owner
 * leaves it, {@linkplain #isPaused() paused}, and comes back to it.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING">Pipelining</a>
 */
final class PipelineFlight extends Exchange<Boolean> {

    private final PipelineQueue queue;

    PipelineFlight(PipelineQueue queue) {
        this.queue = queue;
    }

    @Override
    protected boolean transmit(Outbox out) {
        queue.encoder().transmit(out);
        return true;
    }

    /** Makes the session ask for what has been encoded. */
    void more() {
        resume();
    }

    @Override
    protected boolean receive(BackendMessage message) {
        if (message instanceof ErrorResponse error && error.diagnostics().isFatal()) {
            fail(ServerException.of(error.diagnostics(), null, Delivery.REFUSED));
            return false;
        }
        queue.replies().receive(message, queue);
        return message instanceof ReadyForQuery && queue.isSilent();
    }

    @Override
    protected void row(byte[] bytes, int offset, int length) {
        queue.replies().row(bytes, offset, length);
    }

    @Override
    protected void copyData(byte[] bytes, int offset, int length) {
        queue.replies().copyData();
    }

    @Override
    public boolean suspended() {
        return queue.canEncode();
    }

    @Override
    public boolean isFull() {
        return queue.isFull();
    }

    @Override
    public boolean isPaused() {
        return queue.isReached();
    }

    @Override
    public void giveUp() {
        queue.giveUp();
    }

    @Override
    public boolean stop() {
        queue.stop();
        return false;
    }

    @Override
    public @Nullable PgException told() {
        return queue.told();
    }

    @Override
    @Nullable
    PgException failedBy() {
        return queue.replies().failedBy();
    }

    @Override
    void abandoned(PgException cause) {
        queue.abandoned(cause);
    }

    @Override
    protected Boolean value() {
        return true;
    }

    @Override
    protected String describe() {
        return "a pipeline";
    }
}
