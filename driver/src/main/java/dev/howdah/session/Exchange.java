package dev.howdah.session;

import dev.howdah.error.PgException;
import dev.howdah.error.ProtocolException;
import dev.howdah.message.BackendMessage;
import org.jspecify.annotations.Nullable;

/**
 * One request to the server and everything that answers it. It never reads a socket and never waits: it appends what it
 * sends, takes what has arrived, and says when it is done. It owns all fields of its operation.
 *
 * @param <R> what it yields
 */
public abstract class Exchange<R> {

    private boolean transmitted;
    private boolean done;
    private @Nullable PgException failure;
    private long firstByte = -1;

    /** Makes an exchange that has not been submitted. */
    protected Exchange() {}

    /**
     * Appends what can be sent now. Called again when there is room until it returns true.
     *
     * @return true when this exchange has nothing more to send
     */
    protected abstract boolean transmit(Outbox out);

    /**
     * Takes a message of the server. Notices, notifications and parameter reports never get here.
     *
     * @return true when this message ends the exchange
     * @throws ProtocolException if the server may not send this message here
     */
    protected abstract boolean receive(BackendMessage message);

    /**
     * Takes a DataRow.
     *
     * @param bytes an array that holds the body and more; valid during the call only
     */
    protected void row(byte[] bytes, int offset, int length) {
        throw new ProtocolException("the server sent a row in answer to " + describe());
    }

    /**
     * Takes a CopyData.
     *
     * @param bytes an array that holds the body and more; valid during the call only
     */
    protected void copyData(byte[] bytes, int offset, int length) {
        throw new ProtocolException("the server sent COPY data in answer to " + describe());
    }

    /** Returns what this exchange is called in messages to the user. */
    protected abstract String describe();

    /** Returns what the exchange yields; called after it ended well. */
    protected abstract R value();

    /** Returns whether the exchange waits for its owner rather than for the server, for instance with a page of rows. */
    public boolean suspended() {
        return false;
    }

    /**
     * Returns whether so much has arrived that the owner has to take it before more is read, whether or not all has been
     * sent.
     */
    public boolean isFull() {
        return false;
    }

    /**
     * Returns whether the owner goes on for now, although the exchange has not ended: it stays in the session's queue and is
     * run on later.
     */
    public boolean isPaused() {
        return false;
    }

    /** Returns whether it may have something to send at any time, also while its owner has left it. */
    public boolean speaksWhilePaused() {
        return false;
    }

    /** Says that the call that waits is being cancelled: an exchange that can be paused is as soon as what runs now ended. */
    public void giveUp() {}

    /** Returns what the call that runs the exchange is told: why it failed, or null. */
    public @Nullable PgException told() {
        return failure;
    }

    /** Returns what failed the transaction if the server says now that it has failed, or null. */
    @Nullable
    PgException failedBy() {
        return failure;
    }

    /**
     * Ends what the owner has not given to its end, because its call is being cancelled: what was sent is undone. A cancel
     * request alone would not do that while the server waits for more.
     *
     * @return false if there is nothing to end so: the exchange has sent all it had
     */
    public boolean stop() {
        return false;
    }

    /**
     * Returns whether the operation goes on if this exchange fails, as if it had not been begun: what the caller asked for
     * has been done already.
     */
    public boolean isOptional() {
        return false;
    }

    /** Returns whether the exchange has ended, well or not. */
    public final boolean isDone() {
        return done;
    }

    /** Returns why the exchange failed, or null if it did not or has not ended. */
    public final @Nullable PgException failure() {
        return failure;
    }

    /**
     * Returns what the exchange yielded.
     *
     * @throws PgException why it failed
     * @throws IllegalStateException if it has not ended
     */
    public final R result() {
        if (!done) {
            throw new IllegalStateException(describe() + " has not ended");
        }
        if (failure != null) {
            throw failure;
        }
        return value();
    }

    /** Notes the first failure; the exchange goes on until the server is ready again. */
    protected final void fail(PgException cause) {
        if (failure == null) {
            failure = cause;
        } else if (failure != cause) {
            failure.addSuppressed(cause);
        }
    }

    /** Puts a failure that says more in the place of the one noted; what else went wrong stays with it. */
    protected final void failInstead(PgException better) {
        if (failure != null) {
            for (Throwable other : failure.getSuppressed()) {
                better.addSuppressed(other);
            }
        }
        failure = better;
    }

    /** Returns the exception for a message that must not come now. */
    protected final ProtocolException unexpected(BackendMessage message) {
        return new ProtocolException(
                "the server sent " + message.getClass().getSimpleName() + " in answer to " + describe());
    }

    final void transmitTo(Outbox out) {
        if (firstByte < 0) {
            firstByte = out.total();
        }
        transmitted = transmit(out);
    }

    final boolean isTransmitted() {
        return transmitted;
    }

    /** Makes the session ask {@link #transmit} again: there is more to send now. */
    protected final void resume() {
        transmitted = false;
    }

    /** Returns whether a byte of this exchange can have left, given how many bytes of the session have. */
    final boolean mayHaveLeft(long sent) {
        return firstByte >= 0 && sent > firstByte;
    }

    final void end() {
        done = true;
    }

    /** Ends the exchange because the session has ended; what the server said before is the cause of {@code cause}. */
    final void abandon(PgException cause) {
        failure = cause;
        done = true;
        abandoned(cause);
    }

    /** Notes that the session has ended before the exchange. */
    void abandoned(PgException cause) {}
}
