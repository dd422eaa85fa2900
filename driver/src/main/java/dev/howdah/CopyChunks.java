package dev.howdah;

import dev.howdah.message.TransactionStatus;
import dev.howdah.pump.CallLimits;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The data of a COPY as they come, for who subscribes to them. */
final class CopyChunks implements PulledItems<ByteBuffer> {

    private static final byte[] NOTHING = {};

    private final CopyOutTransfer transfer;
    private final boolean shared;
    private @Nullable ByteBuffer piece;

    private CopyChunks(CopyOutTransfer transfer, boolean shared) {
        this.transfer = transfer;
        this.shared = shared;
    }

    /**
     * Has the server begin.
     *
     * @param text what is sent
     * @param sql what the caller gave
     * @param parameters likewise
     * @param sharing called if it is going to be part of a transaction, before it is sent
     */
    static CopyChunks open(
            Core core, CallLimits limits, String text, String sql, @Nullable Object[] parameters, Runnable sharing) {
        CopyChunks[] opened = new CopyChunks[1];
        // Whether a transaction is open is known only once the turn has come.
        core.pump().inTurn(limits, () -> {
            boolean shared = !core.autocommit() || core.session().transactionStatus() != TransactionStatus.IDLE;
            if (shared) {
                sharing.run();
            }
            opened[0] = new CopyChunks(CopyOutTransfer.open(core, limits, text, sql, parameters), shared);
        });
        return opened[0];
    }

    @Override
    public boolean hasItem() {
        return piece != null;
    }

    @Override
    public ByteBuffer take() {
        ByteBuffer taken = Objects.requireNonNull(piece);
        piece = null;
        return taken;
    }

    @Override
    public boolean isEnded() {
        return transfer.isEnded();
    }

    @Override
    public boolean isShared() {
        return shared;
    }

    /** {@inheritDoc} In the middle of a COPY nothing can run. */
    @Override
    public boolean admitsOthers() {
        return false;
    }

    @Override
    public void fetch() {
        int length = transfer.next(NOTHING);
        piece = length < 0 ? null : ByteBuffer.wrap(transfer.bytes(), 0, length);
    }

    @Override
    public void close() {
        transfer.abandon("nobody wants its data any more");
    }
}
