package dev.howdah.replication;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how far a stream may be confirmed of which transactions are acknowledged in any order: up to the end of the last one
 * before which all are, and on to keepalives that came behind it. Places are those of the log, as numbers without sign. Not safe
 * for several threads: its {@link MessageQueue} guards it.
 *
 * <p>Keepalives stand in the order in which they came among the transactions. While a message that was taken has not been dealt
 * with they wait, since it may be the end of a transaction.
 */
final class LsnTracker {

    /** Something to acknowledge, or a keepalive. */
    static final class Mark {
        private final boolean keepalive;
        private long place;
        private boolean done;

        private Mark(long place, boolean keepalive) {
            this.place = place;
            this.keepalive = keepalive;
            this.done = keepalive;
        }
    }

    /** In order; the first one is always something that has not been acknowledged. */
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();

    private final boolean advances;
    private boolean inHand;
    private long heldBack;
    private long confirmed;
    private long progress;
    private boolean progressAsked;

    /**
     * Makes one.
     *
     * @param advances whether keepalives are confirmed; if not, they wait to be acknowledged, too
     */
    LsnTracker(boolean advances) {
        this.advances = advances;
    }

    /** Notes that a message has been taken and is being dealt with. */
    void taken() {
        inHand = true;
    }

    /** Notes that it has been dealt with. */
    void dealtWith() {
        inHand = false;
        if (heldBack != 0) {
            long place = heldBack;
            heldBack = 0;
            keepalive(place);
        }
    }

    /** Notes that the log was read up to a place by the server, which has sent all before it. */
    void keepalive(long place) {
        if (inHand) {
            heldBack = higher(heldBack, place);
        } else if (!advances) {
            progress = higher(progress, place);
        } else if (marks.isEmpty()) {
            confirmed = higher(confirmed, place);
        } else if (marks.getLast().keepalive) {
            marks.getLast().place = higher(marks.getLast().place, place);
        } else {
            marks.add(new Mark(place, true));
        }
    }

    /** Notes that the server asks for an answer: it may wait for what has been read to be confirmed. */
    void asked() {
        progressAsked = true;
    }

    /** Notes that what ends at a place is to be acknowledged. */
    Mark expect(long end) {
        Mark mark = new Mark(end, false);
        marks.add(mark);
        return mark;
    }

    /** Notes that something has been acknowledged. */
    void acknowledge(Mark mark) {
        mark.done = true;
        for (Mark first = marks.peek(); first != null && first.done; first = marks.peek()) {
            confirmed = higher(confirmed, marks.remove().place);
        }
    }

    /** Returns up to where all has been acknowledged. */
    long confirmed() {
        return confirmed;
    }

    /** Returns whether nothing waits to be acknowledged. */
    boolean isSettled() {
        return marks.isEmpty() && !inHand;
    }

    /** Returns whether the server waits for an answer about a keepalive that is to be acknowledged. */
    boolean isProgressAsked() {
        return progressAsked && isProgress();
    }

    private boolean isProgress() {
        return marks.isEmpty() && Long.compareUnsigned(progress, confirmed) > 0;
    }

    /** Returns what acknowledges the last keepalive; null if there is none, or something before it has not been acknowledged. */
    @Nullable
    Mark takeProgress() {
        progressAsked = false;
        return isProgress() ? expect(progress) : null;
    }

    /** Returns the place of something to acknowledge. */
    static long place(Mark mark) {
        return mark.place;
    }

    private static long higher(long one, long other) {
        return Long.compareUnsigned(one, other) > 0 ? one : other;
    }
}
