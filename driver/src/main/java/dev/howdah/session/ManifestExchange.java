package dev.howdah.session;

import dev.howdah.error.Delivery;
import dev.howdah.error.ServerException;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.CopyDone;
import dev.howdah.message.CopyFail;
import dev.howdah.message.CopyInResponse;
import dev.howdah.message.ErrorResponse;
import dev.howdah.message.Query;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * UPLOAD_MANIFEST: the manifest of the backup that the next one is to be based on, sent a piece at a time, whenever the one before has left.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html#PROTOCOL-REPLICATION-UPLOAD-MANIFEST">UPLOAD_MANIFEST</a>
 */
public final class ManifestExchange extends Exchange<Boolean> {

    private static final String COMMAND = "UPLOAD_MANIFEST";

    private byte @Nullable [] data;
    private int length;
    private boolean asked;
    private boolean open;
    private boolean finished;
    private boolean aborted;
    private boolean ended;
    private boolean over;

    /** Makes the exchange. */
    public ManifestExchange() {}

    /** Begins to send a piece; the bytes must not change until that has been done. */
    public void send(byte[] bytes, int count) {
        data = bytes;
        length = count;
        resume();
    }

    /** Says that there is no more. */
    public void finish() {
        finished = true;
        resume();
    }

    /** Has the server drop what was sent. */
    public void abort() {
        aborted = true;
        finish();
    }

    @Override
    protected boolean transmit(Outbox out) {
        if (!asked) {
            asked = true;
            Query.write(out.writer(), COMMAND);
        }
        byte[] piece = data;
        data = null;
        if (piece != null && open && !over) {
            WireWriter writer = out.writer();
            writer.int8('d').int32(Integer.BYTES + length);
            out.append(piece, 0, length);
        }
        if (finished && open && !over && !ended) {
            ended = true;
            if (aborted) {
                new CopyFail("the manifest could not be read").write(out.writer());
            } else {
                CopyDone.INSTANCE.write(out.writer());
            }
        }
        return true;
    }

    @Override
    protected boolean receive(BackendMessage message) {
        switch (message) {
            case CopyInResponse begun -> {
                open = true;
                resume();
            }
            case CommandComplete complete -> over = true;
            case ErrorResponse error -> {
                over = true;
                fail(ServerException.of(error.diagnostics(), COMMAND, Delivery.REFUSED));
            }
            case ReadyForQuery ready -> {
                over = true;
                return true;
            }
            default -> throw unexpected(message);
        }
        return false;
    }

    @Override
    public boolean suspended() {
        return open && !over && !finished && data == null;
    }

    @Override
    public boolean stop() {
        if (over || ended) {
            return false;
        }
        abort();
        return true;
    }

    @Override
    protected Boolean value() {
        return true;
    }

    @Override
    protected String describe() {
        return COMMAND;
    }
}
