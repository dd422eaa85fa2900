package dev.howdah;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The data of a COPY as they come, for who subscribes to them. */
final class CopyChunks implements PulledItems<ByteBuffer> {

    private static final byte[] NOTHING = {};

    private final CopyOutTransfer transfer;
    private final boolean shared;
    private @Nullable ByteBuffer piece;

    /**
     * Takes over a COPY that has begun.
     *
     * @param shared whether it is part of a transaction
     */
    CopyChunks(CopyOutTransfer transfer, boolean shared) {
        this.transfer = transfer;
        this.shared = shared;
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
