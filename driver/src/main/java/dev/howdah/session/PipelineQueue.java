package dev.howdah.session;

import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline has been asked to do: encoded in order, a page at a time, as fast as it is sent. A statement that the
 * server does not know is described in its place, behind all that was asked for before it, and so are types.
 *
 * <p>{@link #add}, {@link #hasWork()} and {@link #fail} are the owner's and need no turn; everything else is for who has the
 * connection's turn. User code, such as codecs, runs in {@link #feed()} only.
 */
public final class PipelineQueue {

    /** How many bytes of rows may come while nobody asks for any, until the owner is back. */
    private static final int FULL = 1024 * 1024;

    private final Session session;
    private final StatementCache statements;
    private final PipelineReplies replies;
    private final PipelineEncoder encoder;
    /** Only the owner touches it. */
    private final ArrayDeque<PipelineEntry> pending = new ArrayDeque<>();

    private @Nullable PipelineFlight flight;

    private Goal goal = Goal.NONE;
    private @Nullable PipelineEntry awaited;
    private long givenUpAt = -1;
    private boolean feeding;

    /** What the owner, who is here, waits for. */
    public enum Goal {
        /** He is not here. */
        NONE,
        /** That what was asked for has been encoded and, but for a page, sent. */
        ROOM,
        /** That one entry is done. */
        ANSWER,
        /** That everything is done. */
        ALL,
        /** That what has been sent is answered; nothing more is sent. */
        DRAIN
    }

    /**
     * Makes an empty one.
     *
     * @param syncEach whether each statement has a Sync of its own
     * @param autocommit if not, a statement that may end the transaction is waited for
     */
    public PipelineQueue(Session session, StatementCache statements, boolean syncEach, boolean autocommit) {
        this.session = session;
        this.statements = statements;
        this.replies = new PipelineReplies(session, statements, syncEach);
        this.encoder = new PipelineEncoder(session, statements, syncEach, autocommit, replies);
    }

    PipelineEncoder encoder() {
        return encoder;
    }

    PipelineReplies replies() {
        return replies;
    }

    // The owner's

    /** Takes something to do, behind everything else. */
    public void add(PipelineEntry entry) {
        pending.add(entry);
    }

    /** Returns what finds out about types that rows which have come show to be known wrongly or not at all. */
    public PipelineTypes types(PipelineEntry answer) {
        return new PipelineTypes(new RowTypes(session, statements), statements.types(), answer);
    }

    /** Returns whether something has not been encoded. */
    public boolean hasWork() {
        return !pending.isEmpty();
    }

    /** Gives up what has not been encoded. */
    public void fail(Throwable cause) {
        for (PipelineEntry entry = pending.poll(); entry != null; entry = pending.poll()) {
            replies.end(entry, cause);
        }
    }

    // Who has the turn

    /** Begins to wait for something. */
    public void pursue(Goal wanted, @Nullable PipelineEntry entry) {
        goal = wanted;
        awaited = entry;
        givenUpAt = -1;
        replies.countAnew();
        PipelineEntry half = encoder.current();
        if (wanted == Goal.DRAIN && half != null) {
            encoder.refuse(half, new IllegalStateException("the connection was taken from the pipeline"));
            more();
        }
    }

    /** Returns those that failed by themselves, the first ones if there are many. */
    public List<PipelineEntry> failures() {
        return replies.failures();
    }

    /** Returns whether that has been reached, or given up. */
    public boolean isReached() {
        PipelineEntry entry = awaited;
        boolean reached = switch (goal) {
            case NONE -> true;
            case ROOM -> isEncoded() && encoder.isEmpty();
            case ANSWER -> entry == null || entry.isDone();
            case ALL, DRAIN -> (goal == Goal.DRAIN || isEncoded()) && isSilent() && (flight == null || flight.isDone());
        };
        return !feeding && (reached || isGivenUp());
    }

    private boolean isGivenUp() {
        return givenUpAt >= 0 && (replies.answered() > givenUpAt || replies.isEmpty());
    }

    /** Returns what runs the pipeline on: what is under way, or something new. */
    public Exchange<?> flight() {
        PipelineFlight known = flight;
        if (known == null || known.isDone()) {
            known = new PipelineFlight(this);
            flight = known;
        }
        return known;
    }

    /** Returns whether something is under way that has not ended. */
    public boolean isFlying() {
        return flight != null && !flight.isDone();
    }

    private boolean isEncoded() {
        return pending.isEmpty()
                && encoder.current() == null
                && replies.retries().isEmpty();
    }

    /** Returns whether the server owes nothing and nothing is half said. */
    boolean isSilent() {
        return replies.isEmpty() && encoder.current() == null && encoder.isEmpty();
    }

    boolean isFull() {
        return goal == Goal.NONE && replies.bytes() >= FULL;
    }

    void giveUp() {
        givenUpAt = replies.answered();
    }

    /** A batch whose sets do not end would never let its call come to an end. */
    void stop() {
        PipelineEntry entry = encoder.current();
        if (entry != null && entry.kind() == PipelineEntry.Kind.BATCH && entry.added() > 0 && !entry.isFed()) {
            encoder.refuse(
                    entry,
                    canceled("the batch was cancelled while the server waited for more of it", Delivery.REFUSED));
            more();
        }
    }

    /** Returns what the owner's call is told: why what it waits for failed, or that it was not waited for to the end. */
    @Nullable
    PgException told() {
        PipelineEntry entry = awaited;
        if (entry != null && entry.isDone()) {
            return entry.failure() instanceof PgException failure ? failure : null;
        }
        return isGivenUp()
                ? canceled("the answer had not come yet; it may be waited for again", Delivery.UNKNOWN)
                : null;
    }

    private static ServerException canceled(String message, Delivery delivery) {
        return ServerException.inPlace(SqlState.QUERY_CANCELED, message, delivery);
    }

    void abandoned(PgException cause) {
        encoder.abandoned(cause);
        replies.abandoned(cause, encoder);
    }

    /** Makes the session ask for what has been encoded. */
    void more() {
        if (flight != null) {
            flight.more();
        }
    }

    /** Whether entries that are to be run once more wait until all of them have been found. */
    private boolean gathers() {
        return !replies.retries().isEmpty() && !replies.isEmpty();
    }

    private boolean hasNext() {
        return encoder.current() != null || !replies.retries().isEmpty() || goal != Goal.DRAIN && !pending.isEmpty();
    }

    /** Returns whether the session waits for {@link #feed()}. */
    boolean canEncode() {
        if (!encoder.isEmpty() || encoder.isBlocked() || gathers()) {
            return false;
        }
        return hasNext() || owesSync() || owesFlush();
    }

    /** Encodes what can be sent now. */
    public void feed() {
        feeding = true;
        try {
            fill();
        } finally {
            feeding = false;
        }
        more();
    }

    private void fill() {
        while (encoder.hasRoom() && !encoder.isBlocked() && !gathers()) {
            PipelineEntry next = next();
            if (next == null) {
                break;
            }
            encoder.encode(next);
        }
        if (!encoder.isBlocked() && !hasNext()) {
            if (owesSync()) {
                encoder.encodeSync(PipelineEntry.bare(PipelineEntry.Kind.SYNC, statements.types(), null, null));
            } else if (owesFlush()) {
                encoder.flush();
            }
        }
    }

    /** Nothing may stay open behind the last thing, and a flight that had nothing to send has to end. */
    private boolean owesSync() {
        boolean ending = goal == Goal.ALL || goal == Goal.DRAIN;
        return !hasNext() && ending && (encoder.isUnsynced() || replies.isEmpty() && isFlying());
    }

    private boolean owesFlush() {
        return !hasNext() && goal == Goal.ANSWER && encoder.isUnflushed();
    }

    private @Nullable PipelineEntry next() {
        if (encoder.current() != null) {
            return encoder.current();
        }
        PipelineEntry again = replies.retries().poll();
        return again != null ? again : goal == Goal.DRAIN ? null : pending.poll();
    }
}
