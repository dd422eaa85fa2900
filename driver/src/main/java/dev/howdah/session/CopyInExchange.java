package dev.howdah.session;

import dev.howdah.error.Delivery;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.ServerException;
import dev.howdah.error.UnexpectedCopyException;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.CopyDone;
import dev.howdah.message.CopyFail;
import dev.howdah.message.CopyInResponse;
import dev.howdah.message.CopyOutResponse;
import dev.howdah.message.Flush;
import dev.howdah.message.Sync;
import dev.howdah.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/** COPY ... FROM STDIN: data to the server, a piece at a time. */
public final class CopyInExchange extends CopyExchange {

    /** How many bytes of a message stand before the data. */
    public static final int HEADER = 1 + Integer.BYTES;

    /** The server reads no longer message of this kind than 10,000 bytes. */
    private static final int LONGEST_REASON = 500;

    /** What the owner has said of the data to come. */
    private enum Ending {
        /** There may be more. */
        NONE,
        /** That was all. */
        DONE,
        /** What was sent is to be dropped. */
        FAIL
    }

    private Ending ending = Ending.NONE;
    private String reason = "";
    private byte @Nullable [] data;
    private int offset;
    private int length;
    /** The data have their message's header before them. */
    private boolean framed;

    private boolean asked;
    private boolean open;
    private boolean over;
    private boolean ended;
    private boolean synced;
    private boolean awaited;

    /**
     * Makes the exchange.
     *
     * @throws IllegalArgumentException if it is no COPY, or has a NUL character
     */
    public CopyInExchange(String sql, StatementCache statements) {
        super(sql, statements);
    }

    /** Begins to wait until the server takes data. */
    public void begin() {
        awaited = true;
    }

    /** Begins to send a piece of the data; the bytes must not change until that has been done. */
    public void send(byte[] bytes, int from, int count) {
        framed = false;
        begin(bytes, from, count);
    }

    /**
     * Begins to send a piece of the data in one go: the {@link #HEADER} bytes before it are overwritten.
     *
     * @param from at least {@link #HEADER}
     */
    public void sendInPlace(byte[] bytes, int from, int count) {
        bytes[from - HEADER] = 'd';
        WireWriter.int32At(bytes, from - Integer.BYTES, Integer.BYTES + count);
        framed = true;
        begin(bytes, from - HEADER, HEADER + count);
    }

    private void begin(byte[] bytes, int from, int count) {
        data = bytes;
        offset = from;
        length = count;
        awaited = true;
        resume();
    }

    /** Says that there are no more data. */
    public void finish() {
        end(Ending.DONE);
    }

    /**
     * Has the server drop what was sent.
     *
     * @param why for the server's log
     */
    public void abort(String why) {
        reason = why.replace('\0', ' ');
        if (reason.length() > LONGEST_REASON) {
            reason = reason.substring(0, LONGEST_REASON);
        }
        end(Ending.FAIL);
    }

    private void end(Ending how) {
        if (ending == Ending.NONE) {
            ending = how;
        }
        awaited = true;
        resume();
    }

    /** Then the owner goes on. */
    @Override
    public void fed() {
        awaited = false;
    }

    @Override
    boolean isOpen() {
        return open;
    }

    @Override
    protected boolean transmit(Outbox out) {
        WireWriter writer = out.writer();
        if (!asked) {
            asked = true;
            ask(writer);
            // A Sync behind it would be lost in the middle of the data.
            Flush.INSTANCE.write(writer);
        }
        byte[] piece = data;
        data = null;
        if (piece != null && !over && ending != Ending.FAIL) {
            if (!framed) {
                writer.int8('d').int32(Integer.BYTES + length);
            }
            out.append(piece, offset, length);
        }
        if (!synced && (over || open && ending != Ending.NONE)) {
            synced = true;
            if (!over && !ended) {
                ended = true;
                if (ending == Ending.DONE) {
                    CopyDone.INSTANCE.write(out.writer());
                } else {
                    new CopyFail(reason).write(out.writer());
                }
            }
            Sync.INSTANCE.write(out.writer());
        }
        return true;
    }

    @Override
    boolean receiveCopy(BackendMessage message) {
        switch (message) {
            case CopyInResponse response -> {
                open = true;
                resume();
            }
            case CopyOutResponse response ->
                fail(new UnexpectedCopyException(UnexpectedCopyException.Direction.OUT, Delivery.COMPLETED, null));
            case CopyDone done -> {}
            default -> {
                return false;
            }
        }
        return true;
    }

    /** It was not asked for. */
    @Override
    protected void copyData(byte[] bytes, int from, int count) {
        if (!(failure() instanceof UnexpectedCopyException)) {
            super.copyData(bytes, from, count);
        }
    }

    @Override
    boolean isOwnDoing(ServerException error) {
        return ending == Ending.FAIL && error instanceof QueryCanceledException;
    }

    @Override
    void over() {
        over = true;
        resume();
    }

    @Override
    public boolean suspended() {
        return open && awaited && !over && ending == Ending.NONE && data == null;
    }

    @Override
    public boolean isPaused() {
        return open && !awaited && !over;
    }

    @Override
    public boolean stop() {
        if (over || ended || ending == Ending.FAIL) {
            return false;
        }
        ending = Ending.NONE;
        abort("the COPY was cancelled");
        return true;
    }
}
