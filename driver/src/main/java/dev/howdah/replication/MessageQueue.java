package dev.howdah.replication;

import dev.howdah.error.ProtocolException;
import dev.howdah.session.ReplicationLink;
import dev.howdah.type.Lsn;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What has come of a stream and has not been taken, in the order in which it came; and what the server is told of how far it has got.
 * Safe for several threads.
 */
final class MessageQueue implements ReplicationLink {

    /** What confirms more is sent so much later at most, in nanoseconds. */
    static final long COALESCED = 200_000_000;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int DATA_HEADER = 25;
    private static final int KEEPALIVE = 18;
    private static final int STATUS = 34;
    private static final int FEEDBACK = 25;
    /** What a message takes in memory besides its payload, about. */
    private static final int OVERHEAD = 80;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Item> items = new ArrayDeque<>();
    private final ReplicationCursor cursor;
    private final StreamOptions options;
    private final boolean physical;
    private final @Nullable LsnTracker tracker;
    private long bytes;
    private volatile boolean full;
    private volatile boolean hasMessages;
    private boolean closed;

    /** The highest place that the server has told of. */
    private long told;
    /** The highest place of a message that has been taken. */
    private long taken;
    /** The place of the last keepalive before which everything has been taken. */
    private long passed;

    private long walEnd;
    private long written;
    private long flushed;
    private long applied;
    private boolean moved;
    private boolean forced;
    private boolean asksReply;
    private @Nullable StandbyFeedback feedback;
    private long sentAt;
    private long receivedAt = System.nanoTime();
    private boolean heard;
    private long quietSince = receivedAt;
    private volatile Instant feedbackTime = Instant.EPOCH;

    /** What came: a message or, without one, a keepalive. The first of those that wait is never a keepalive. */
    private record Item(@Nullable ReplicationMessage message, long place) {}

    MessageQueue(ReplicationCursor cursor, StreamOptions options, boolean physical) {
        this.cursor = cursor;
        this.options = options;
        this.physical = physical;
        this.tracker = options.tracked ? new LsnTracker(options.advance) : null;
        this.sentAt = System.nanoTime() - options.statusInterval.toNanos();
    }

    // What the session tells

    @Override
    public void received(byte[] source, int offset, int length) {
        if (length == 0) {
            throw new ProtocolException("the server sent an empty replication message");
        }
        lock.lock();
        try {
            receivedAt = System.nanoTime();
            heard = true;
            if (closed) {
                // A keepalive behind what was dropped says nothing of that.
                return;
            }
            switch (source[offset]) {
                case 'w' -> data(source, offset, length);
                case 'k' -> keepalive(source, offset, length);
                default -> {
                    // Later servers may say more.
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void data(byte[] source, int offset, int length) {
        if (length < DATA_HEADER) {
            throw new ProtocolException("the server sent a replication message of " + length + " bytes, too few");
        }
        long start = (long) LONGS.get(source, offset + 1);
        long end = (long) LONGS.get(source, offset + 9);
        byte[] payload = new byte[length - DATA_HEADER];
        System.arraycopy(source, offset + DATA_HEADER, payload, 0, payload.length);
        ReplicationMessage message = new ReplicationMessage(
                cursor, Lsn.of(start), Lsn.of(end), (long) LONGS.get(source, offset + 17), payload, options.decode);
        long reaches = physical ? start + payload.length : start;
        tell(end);
        tell(reaches);
        items.add(new Item(message, reaches));
        count(payload.length + OVERHEAD);
        hasMessages = true;
    }

    private void keepalive(byte[] source, int offset, int length) {
        if (length < KEEPALIVE) {
            throw new ProtocolException("the server sent a keepalive of " + length + " bytes, too few");
        }
        long end = (long) LONGS.get(source, offset + 1);
        tell(end);
        if (source[offset + 17] != 0) {
            forced = true;
            if (tracker != null) {
                tracker.asked();
            }
        }
        Item last = items.peekLast();
        if (last == null) {
            pass(end);
            return;
        } else if (last.message == null) {
            items.removeLast();
        }
        items.add(new Item(null, end));
    }

    private void count(long more) {
        bytes += more;
        full = bytes >= options.bufferSize;
    }

    private void tell(long place) {
        if (Long.compareUnsigned(place, told) > 0) {
            told = place;
        }
    }

    @Override
    public boolean hasMessages() {
        return hasMessages;
    }

    /** Returns how many messages and keepalives wait. */
    int size() {
        lock.lock();
        try {
            return items.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isFull() {
        return full;
    }

    @Override
    public byte @Nullable [] toSend() {
        lock.lock();
        try {
            StandbyFeedback of = feedback;
            if (of != null) {
                feedback = null;
                return encode(of);
            }
            long now = System.nanoTime();
            if (untilDue(now) > 0) {
                return null;
            }
            byte[] status = new byte[STATUS];
            Instant time = Instant.now();
            long confirmed = lower(flushed, told);
            status[0] = 'r';
            LONGS.set(status, 1, higher(lower(written, told), higher(taken, confirmed)));
            LONGS.set(status, 9, confirmed);
            LONGS.set(status, 17, applied == 0 && !physical ? confirmed : lower(applied, told));
            LONGS.set(status, 25, ServerTime.micros(time));
            status[33] = (byte) (asksReply ? 1 : 0);
            sentAt = now;
            feedbackTime = time;
            moved = false;
            forced = false;
            asksReply = false;
            return status;
        } finally {
            lock.unlock();
        }
    }

    /** The lower halves are what the server calls a transaction, the upper ones its epochs. */
    private static byte[] encode(StandbyFeedback feedback) {
        byte[] message = new byte[FEEDBACK];
        message[0] = 'h';
        LONGS.set(message, 1, ServerTime.micros(Instant.now()));
        INTS.set(message, 9, (int) feedback.xmin());
        INTS.set(message, 13, (int) (feedback.xmin() >>> 32));
        INTS.set(message, 17, (int) feedback.catalogXmin());
        INTS.set(message, 21, (int) (feedback.catalogXmin() >>> 32));
        return message;
    }

    private static long lower(long one, long other) {
        return Long.compareUnsigned(one, other) < 0 ? one : other;
    }

    private static long higher(long one, long other) {
        return Long.compareUnsigned(one, other) > 0 ? one : other;
    }

    private long untilDue(long now) {
        if (forced || asksReply || feedback != null) {
            return 0;
        }
        long wait = moved ? COALESCED : options.statusInterval.toNanos();
        return Math.max(0, sentAt + wait - now);
    }

    /** Returns in how many nanoseconds the server is to be told, at most. */
    long untilDue() {
        lock.lock();
        try {
            return untilDue(System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    // What the consumer does

    /** Takes the oldest message, and passes the keepalives behind it; returns null if there is none. */
    @Nullable
    ReplicationMessage take() {
        lock.lock();
        try {
            Item first = items.poll();
            if (first == null || first.message == null) {
                return null;
            }
            count(-first.message.dataSize() - OVERHEAD);
            if (tracker != null) {
                tracker.taken();
            }
            taken = higher(taken, first.place);
            walEnd = higher(walEnd, first.message.walEnd().asLong());
            for (Item next = items.peek(); next != null && next.message == null; next = items.peek()) {
                items.remove();
                pass(next.place);
            }
            hasMessages = !items.isEmpty();
            return first.message;
        } finally {
            lock.unlock();
        }
    }

    private void pass(long keepalive) {
        walEnd = higher(walEnd, keepalive);
        if (tracker != null) {
            tracker.keepalive(keepalive);
            confirm(tracker.confirmed());
        } else {
            passed = higher(passed, keepalive);
            advance();
        }
    }

    /** A keepalive's place is confirmed once all that came before it is. */
    private void advance() {
        if (tracker == null && options.advance && !physical && Long.compareUnsigned(flushed, taken) >= 0) {
            confirm(passed);
        }
    }

    // Where transactions are acknowledged

    /** Asks the tracker for something, or tells it; what may be confirmed then is. */
    <T extends @Nullable Object> T tracked(Function<LsnTracker, T> asks) {
        lock.lock();
        try {
            LsnTracker tracks = Objects.requireNonNull(tracker, "nothing is tracked");
            T told = asks.apply(tracks);
            confirm(tracks.confirmed());
            return told;
        } finally {
            lock.unlock();
        }
    }

    /** Tells the tracker something. */
    void track(Consumer<LsnTracker> tells) {
        tracked(tracks -> {
            tells.accept(tracks);
            return null;
        });
    }

    /** Drops what waits, and what comes from now on. */
    void close() {
        lock.lock();
        try {
            closed = true;
            items.clear();
            count(-bytes);
            hasMessages = false;
        } finally {
            lock.unlock();
        }
    }

    private void confirm(long place) {
        if (Long.compareUnsigned(place, flushed) > 0) {
            flushed = place;
            moved = true;
        }
    }

    /** Notes how far the consumer has got; what is lower than before changes nothing. */
    void feedback(Lsn write, Lsn flush, Lsn apply) {
        lock.lock();
        try {
            if (Long.compareUnsigned(write.asLong(), written) > 0) {
                written = write.asLong();
                moved = true;
            }
            if (Long.compareUnsigned(apply.asLong(), applied) > 0) {
                applied = apply.asLong();
                moved = true;
            }
            confirm(flush.asLong());
            advance();
        } finally {
            lock.unlock();
        }
    }

    /** Has the server be told now. */
    void force(boolean reply) {
        lock.lock();
        try {
            forced = true;
            asksReply |= reply;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has the server be told now of what a standby can see; what was not sent before is not any more.
     *
     * @throws IllegalStateException if the stream is a logical one, whose server would take that for its own
     */
    void standbyFeedback(StandbyFeedback next) {
        if (!physical) {
            throw new IllegalStateException("feedback of a standby is for a physical stream; this is a logical one");
        }
        lock.lock();
        try {
            feedback = next;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether what {@link #force} or {@link #standbyFeedback} asked for has not been sent. */
    boolean isForced() {
        lock.lock();
        try {
            return forced || feedback != null;
        } finally {
            lock.unlock();
        }
    }

    /** Begins to count anew for how long nothing has come: nobody has read until now. */
    void reading() {
        lock.lock();
        try {
            quietSince = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    /** Returns for how many nanoseconds nothing has come. */
    long silence() {
        lock.lock();
        try {
            long now = System.nanoTime();
            return Math.min(now - receivedAt, now - quietSince);
        } finally {
            lock.unlock();
        }
    }

    Lsn walEnd() {
        lock.lock();
        try {
            return Lsn.of(walEnd);
        } finally {
            lock.unlock();
        }
    }

    Lsn flushed() {
        lock.lock();
        try {
            return Lsn.of(lower(flushed, told));
        } finally {
            lock.unlock();
        }
    }

    Instant ioTime() {
        lock.lock();
        try {
            return heard ? Instant.now().minusNanos(System.nanoTime() - receivedAt) : Instant.EPOCH;
        } finally {
            lock.unlock();
        }
    }

    Instant feedbackTime() {
        return feedbackTime;
    }
}
