package dev.howdah.session;

import dev.howdah.error.Delivery;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.error.UnexpectedCopyException;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.CopyDone;
import dev.howdah.message.CopyFail;
import dev.howdah.message.CopyInResponse;
import dev.howdah.message.CopyOutResponse;
import dev.howdah.message.Sync;
import java.util.Arrays;

/** COPY ... TO STDOUT: data from the server, as much at a time as has come. */
public final class CopyOutExchange extends CopyExchange {

    /** So much may have come before the owner has to take it. */
    private static final int FULL = 256 * 1024;

    private static final int FIRST_SIZE = 16 * 1024;
    private static final byte[] NOTHING = {};

    /** What the owner waits for. */
    private enum Goal {
        /** That the server begins. */
        BEGIN,
        /** That data have come, or the end. */
        DATA,
        /** That it ends, whatever comes until then. */
        END,
        /** Nothing: he is not here. */
        NONE
    }

    private Goal goal = Goal.BEGIN;
    private byte[] buffer = NOTHING;
    private int filled;
    private boolean asked;
    private boolean open;
    private boolean over;
    private boolean dropped;
    private boolean mustFail;

    /**
     * Makes the exchange.
     *
     * @throws IllegalArgumentException if it is no COPY, or has a NUL character
     */
    public CopyOutExchange(String sql, StatementCache statements) {
        super(sql, statements);
    }

    /** Begins to wait for data. */
    public void read() {
        goal = Goal.DATA;
    }

    /** Begins to wait for the end, and drops what comes. */
    public void discard() {
        goal = Goal.END;
        dropped = true;
        buffer = NOTHING;
        filled = 0;
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
        goal = Goal.NONE;
        byte[] taken = buffer;
        buffer = empty;
        filled = 0;
        return taken;
    }

    @Override
    boolean isOpen() {
        return open;
    }

    @Override
    protected boolean transmit(Outbox out) {
        if (!asked) {
            asked = true;
            ask(out.writer());
        } else if (mustFail) {
            mustFail = false;
            new CopyFail("the COPY was to give data").write(out.writer());
        }
        Sync.INSTANCE.write(out.writer());
        return true;
    }

    @Override
    boolean receiveCopy(BackendMessage message) {
        switch (message) {
            case CopyOutResponse response -> open = true;
            case CopyInResponse response -> {
                fail(new UnexpectedCopyException(UnexpectedCopyException.Direction.IN, Delivery.REFUSED, null));
                mustFail = true;
                resume();
            }
            case CopyDone done -> {}
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    protected void copyData(byte[] bytes, int offset, int length) {
        if (dropped || failure() != null) {
            dropped = true;
            return;
        }
        if (buffer.length - filled < length) {
            buffer = Arrays.copyOf(buffer, Math.max(FIRST_SIZE, Math.max(2 * buffer.length, filled + length)));
        }
        System.arraycopy(bytes, offset, buffer, filled, length);
        filled += length;
    }

    /** {@return whether it is the end that was asked for, or of a COPY that went the other way} */
    @Override
    boolean isOwnDoing(ServerException error) {
        boolean refusedHere = failure() instanceof UnexpectedCopyException;
        return (goal == Goal.END || refusedHere) && error instanceof QueryCanceledException;
    }

    @Override
    void over() {
        over = true;
    }

    /** What was given up has not been done, though the server may have. */
    @Override
    void ended() {
        if (dropped && goal != Goal.END && failure() == null) {
            fail(ServerException.inPlace(SqlState.QUERY_CANCELED, "the COPY was cancelled", Delivery.COMPLETED));
        }
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
        if (failure() != null || over && filled == 0 || dropped) {
            return false;
        }
        return switch (goal) {
            case BEGIN -> open;
            case DATA -> filled > 0;
            case END -> false;
            case NONE -> true;
        };
    }
}
