package dev.howdah.session;

import dev.howdah.error.Delivery;
import dev.howdah.error.ServerException;
import dev.howdah.error.UnexpectedCopyException;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.Bytes;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.CopyBothResponse;
import dev.howdah.message.CopyData;
import dev.howdah.message.CopyDone;
import dev.howdah.message.CopyFail;
import dev.howdah.message.CopyInResponse;
import dev.howdah.message.CopyOutResponse;
import dev.howdah.message.DataRow;
import dev.howdah.message.EmptyQueryResponse;
import dev.howdah.message.ErrorResponse;
import dev.howdah.message.Query;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.RowDescription;
import dev.howdah.wire.WireReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * START_REPLICATION and its stream, in which both sides send. Between two steps of its owner it is paused; what comes
 * meanwhile, if somebody reads, goes to the owner, too, and what he has to say is sent.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html">Streaming Replication Protocol</a>
 */
public final class ReplicationExchange extends Exchange<List<String>> {

    private static final byte DATA = 'w';

    /** What the owner waits for. */
    private enum Goal {
        /** That the server begins to stream. */
        BEGIN,
        /** That what he has to say has been handed over. */
        SEND,
        /** That something has come, or the end. */
        READ,
        /** That it ends, unless the owner has to do something else. */
        CLOSE,
        /** That it ends, whatever comes until then. */
        END,
        /** Nothing. */
        NONE
    }

    private final String command;
    private final ReplicationLink link;
    private final WireReader reader = new WireReader();
    private final List<String> ending = new ArrayList<>();
    private final AtomicLong dropped = new AtomicLong();
    private Goal goal = Goal.BEGIN;
    private boolean asked;
    private boolean open;
    private boolean mustFail;
    private volatile boolean endWanted;
    private boolean endSent;
    private boolean serverEnded;
    private boolean completed;
    private boolean over;

    /**
     * Makes the exchange.
     *
     * @param command a command of the replication grammar
     * @throws IllegalArgumentException if it has a NUL character
     */
    public ReplicationExchange(String command, ReplicationLink link) {
        StatementCache.requireSendable(command);
        this.command = command;
        this.link = link;
    }

    /** Begins to hand over what there is to say. */
    public void send() {
        goal = Goal.SEND;
    }

    /** Begins to wait for a message. */
    public void read() {
        goal = Goal.READ;
    }

    /** Waits no more; returns false if it has to: for the beginning or the end. */
    public boolean rest() {
        if (goal == Goal.BEGIN && !open || goal == Goal.END) {
            return false;
        }
        goal = Goal.NONE;
        return true;
    }

    /**
     * Has the stream end on this side, and whoever waits for a message wait no more. What there was to say before is said before the end.
     * For any thread.
     */
    public void wantEnd() {
        endWanted = true;
    }

    /** Begins to wait for the end, as long as the owner does not rest. */
    public void close() {
        goal = Goal.CLOSE;
        endWanted = true;
    }

    /** Begins to wait for the end. */
    public void finish() {
        goal = Goal.END;
        endWanted = true;
    }

    /** Returns whether the server has been asked for the stream. For who has the turn. */
    public boolean isAsked() {
        return asked;
    }

    /** Returns how many messages of the log have come that nobody wanted any more. For any thread. */
    public long dropped() {
        return dropped.get();
    }

    /** Returns whether the server has said that it is done, without the end of the stream before that: it is being stopped. */
    public boolean isServerStopping() {
        return open && completed && !serverEnded && !endSent;
    }

    @Override
    protected boolean transmit(Outbox out) {
        if (!asked) {
            asked = true;
            Query.write(out.writer(), command);
            return false;
        }
        if (mustFail) {
            mustFail = false;
            new CopyFail("a replication stream was asked for").write(out.writer());
        }
        if (open && !endSent && !completed && failure() == null) {
            // Looked at first: who wants the end has said before how far he has got, and that is to go before it.
            boolean ends = endWanted || serverEnded;
            for (byte[] said = link.toSend(); said != null; said = link.toSend()) {
                new CopyData(Bytes.copyOf(said)).write(out.writer());
            }
            if (ends) {
                CopyDone.INSTANCE.write(out.writer());
                endSent = true;
            }
        }
        if (goal == Goal.SEND) {
            goal = Goal.NONE;
        }
        // There may be more to say at any time: it is asked again whenever bytes are sent.
        return false;
    }

    @Override
    protected boolean receive(BackendMessage message) {
        switch (message) {
            case CopyBothResponse begun -> open = true;
            case CopyDone done -> serverEnded = true;
            case CommandComplete complete -> completed = true;
            case EmptyQueryResponse empty -> completed = true;
            case RowDescription description -> {}
            case CopyInResponse in -> {
                fail(new UnexpectedCopyException(UnexpectedCopyException.Direction.IN, Delivery.REFUSED, null));
                mustFail = true;
            }
            case CopyOutResponse out ->
                fail(new UnexpectedCopyException(UnexpectedCopyException.Direction.OUT, Delivery.COMPLETED, null));
            case ErrorResponse error -> {
                if (!(failure() instanceof UnexpectedCopyException)) {
                    fail(ServerException.of(
                            error.diagnostics(), command, open ? Delivery.COMPLETED : Delivery.REFUSED));
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
    protected void copyData(byte[] bytes, int offset, int length) {
        if (open && !serverEnded && !endSent && failure() == null) {
            link.received(bytes, offset, length);
        } else if (length > 0 && bytes[offset] == DATA) {
            // What comes behind the end is of no use: the server had it on the way.
            dropped.incrementAndGet();
        }
    }

    @Override
    protected void row(byte[] bytes, int offset, int length) {
        ending.clear();
        for (Bytes value : DataRow.read(reader.over(bytes, offset, length)).values()) {
            ending.add(value == null ? "" : value.utf8());
        }
    }

    @Override
    public boolean isFull() {
        return open && !over && goal != Goal.END && failure() == null && link.isFull();
    }

    @Override
    public boolean isPaused() {
        if (failure() != null || over) {
            return false;
        }
        return switch (goal) {
            case BEGIN -> open;
            case SEND, CLOSE, END -> false;
            case READ -> link.hasMessages() || endWanted;
            case NONE -> true;
        };
    }

    @Override
    public boolean speaksWhilePaused() {
        return true;
    }

    /** {@return the row with which the server ended the stream, empty if there was none} */
    @Override
    protected List<String> value() {
        return List.copyOf(ending);
    }

    @Override
    protected String describe() {
        return "a replication command";
    }
}
