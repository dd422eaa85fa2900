package dev.howdah.session;

import dev.howdah.error.Delivery;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.ServerException;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.CopyDone;
import dev.howdah.message.CopyOutResponse;
import dev.howdah.message.ErrorResponse;
import dev.howdah.message.Query;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.RowDescription;
import dev.howdah.wire.WireWriter;
import java.util.Arrays;

/**
 * BASE_BACKUP: two results, archives and a manifest as COPY data, and a third result, received a buffer at a time. The buffer holds
 * what came as pieces, each with its kind and length before it ({@link #HEADER} bytes).
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html#PROTOCOL-REPLICATION-BASE-BACKUP">BASE_BACKUP</a>
 */
public final class BaseBackupExchange extends Exchange<Boolean> {

    /** How many bytes stand before a piece: its kind, and how many it has. */
    public static final int HEADER = 1 + Integer.BYTES;

    /** The kind of a piece that is the body of a DataRow. */
    public static final byte ROW = 'D';
    /** The kind of a piece that is the body of a CopyData. */
    public static final byte DATA = 'd';
    /** The kind of a piece that has no bytes: COPY data follow. */
    public static final byte COPY = 'H';
    /** The kind of a piece that has no bytes: these COPY data have ended. */
    public static final byte COPY_DONE = 'c';
    /** The kind of a piece that has no bytes: the end of a result, or of all. */
    public static final byte COMPLETE = 'C';

    /** So much may have come before the owner has to take it. */
    private static final int FULL = 256 * 1024;

    private static final int FIRST_SIZE = 64 * 1024;
    private static final byte[] NOTHING = {};

    private final String command;
    private byte[] buffer = NOTHING;
    private int filled;
    private boolean asked;
    private boolean wanted;
    private boolean dropped;
    /** Its owner has no use for it any more, so that it was cancelled is no failure. */
    private boolean unwanted;

    private boolean over;

    /**
     * Makes the exchange.
     *
     * @param command a BASE_BACKUP command of the replication grammar
     * @throws IllegalArgumentException if it has a NUL character
     */
    public BaseBackupExchange(String command) {
        StatementCache.requireSendable(command);
        this.command = command;
    }

    /** Begins to wait for something to come. */
    public void read() {
        wanted = true;
    }

    /** Begins to wait for the end, and drops what comes. */
    public void discard() {
        wanted = true;
        unwanted = true;
        giveUp();
    }

    /** Returns how many bytes have come. */
    public int available() {
        return filled;
    }

    /**
     * Takes what has come, and rests.
     *
     * @param empty where to put what comes next
     * @return an array that holds it at its beginning, {@link #available()} bytes long
     */
    public byte[] take(byte[] empty) {
        wanted = false;
        byte[] taken = buffer;
        buffer = empty;
        filled = 0;
        return taken;
    }

    @Override
    protected boolean transmit(Outbox out) {
        if (!asked) {
            asked = true;
            Query.write(out.writer(), command);
        }
        return true;
    }

    @Override
    protected boolean receive(BackendMessage message) {
        switch (message) {
            case RowDescription description -> {}
            case CommandComplete complete -> piece(COMPLETE, NOTHING, 0, 0);
            case CopyOutResponse begun -> piece(COPY, NOTHING, 0, 0);
            case CopyDone done -> piece(COPY_DONE, NOTHING, 0, 0);
            case ErrorResponse error -> {
                ServerException refusal = ServerException.of(error.diagnostics(), command, Delivery.REFUSED);
                if (!unwanted || !(refusal instanceof QueryCanceledException)) {
                    fail(refusal);
                }
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
    protected void row(byte[] bytes, int offset, int length) {
        piece(ROW, bytes, offset, length);
    }

    @Override
    protected void copyData(byte[] bytes, int offset, int length) {
        piece(DATA, bytes, offset, length);
    }

    private void piece(byte kind, byte[] bytes, int offset, int length) {
        if (dropped || failure() != null) {
            return;
        }
        int needed = filled + HEADER + length;
        if (buffer.length < needed) {
            buffer = Arrays.copyOf(buffer, Math.max(FIRST_SIZE, Math.max(2 * buffer.length, needed)));
        }
        buffer[filled] = kind;
        WireWriter.int32At(buffer, filled + 1, length);
        System.arraycopy(bytes, offset, buffer, filled + HEADER, length);
        filled = needed;
    }

    @Override
    public void giveUp() {
        dropped = true;
        buffer = NOTHING;
        filled = 0;
    }

    @Override
    public boolean isFull() {
        return filled >= FULL && failure() == null && !over;
    }

    @Override
    public boolean isPaused() {
        if (failure() != null || dropped || over && filled == 0) {
            return false;
        }
        return !wanted || filled > 0;
    }

    @Override
    protected Boolean value() {
        return true;
    }

    @Override
    protected String describe() {
        return "BASE_BACKUP";
    }
}
