package dev.howdah.session;

import dev.howdah.error.PgException;
import dev.howdah.error.ProtocolException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.wire.WireReader;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A large object that is open on the server: where its user stands in it, what has been read ahead, what has been written and
 * not sent, and whether the server still has it. Used by who has the turn, but for {@link #whyGone()} and {@link
 * #isInDoubt()}.
 *
 * <p>What a call has to send it encodes; the conversation that it returns sends that and waits for what it needs. A failure
 * is kept until {@link #takeFailure()}: that of a request whose call has returned long ago as well.
 */
public final class ObjectDescriptor {

    /** The longest that a large object can be, in bytes: 2 KiB for each page number. */
    public static final long MAX_SIZE = 4_398_046_509_056L;

    /** How much is written by one request, in bytes; the server is slower with more. */
    public static final int CHUNK = 64 * 1024;

    /**
     * How much is read by one request, in bytes. A server process that answers with 64 KiB may give memory back to its system and
     * take it again at every answer, which makes it several times as slow.
     */
    static final int READ_CHUNK = 32 * 1024;

    /** How much may be under way, in bytes: asked for, or written and not confirmed. */
    static final int WINDOW = 1024 * 1024;

    private static final int FIRST_WINDOW = 2 * CHUNK;
    private static final int FROM_START = 0;
    private static final int FROM_END = 2;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ObjectPipe pipe;
    private final int fd;
    private final boolean readsAhead;
    private final TransactionFate transaction;
    private final ReadAhead ahead = new ReadAhead();
    private volatile int rollbacks;
    private volatile @Nullable String gone;

    private long position;
    /** Where the server will stand when it has done all that was asked for; -1 if that is not known. */
    private long expected;
    /** What was asked for in an earlier one is not wanted any more. */
    private int epoch;

    private int asked;
    private boolean ended;
    private int readsInARow;
    private @Nullable ByteBuffer target;
    /** What has been written up to the position and has not been sent. */
    private byte[] kept = {};

    private int keptLength;
    private int unconfirmed;
    private long answer;
    private boolean answered;
    private @Nullable PgException failure;

    ObjectDescriptor(ObjectPipe pipe, int fd, boolean readsAhead) {
        this.pipe = pipe;
        this.fd = fd;
        this.readsAhead = readsAhead;
        this.transaction = pipe.session().transaction();
        this.rollbacks = transaction.rollbacks();
    }

    /** Returns its number on the server. */
    public int fd() {
        return fd;
    }

    /** Returns where its user stands, in bytes from the beginning. */
    public long position() {
        return position;
    }

    // Whether it is there

    /** Returns why the server has it no more, or null if it should have it. For any thread. */
    public @Nullable String whyGone() {
        TransactionFate.End end = transaction.end();
        if (end == null) {
            return gone;
        }
        return switch (end) {
            case COMMITTED -> "its transaction was committed";
            case PREPARED -> "its transaction was prepared for a two-phase commit";
            case ROLLED_BACK -> "its transaction was rolled back";
        };
    }

    /** Returns whether a rollback to a savepoint may have taken it; the server has to be asked. For any thread. */
    public boolean isInDoubt() {
        return transaction.rollbacks() != rollbacks && whyGone() == null;
    }

    /** Notes that a rollback to a savepoint has taken it. */
    void lost() {
        gone = "a rollback to a savepoint from before it was opened has closed it";
    }

    /** Notes that the server has it in spite of the rollbacks there have been. */
    void noteRollbacks() {
        rollbacks = transaction.rollbacks();
    }

    /** Returns the conversation that finds out whether it is there. In a transaction that has failed nothing can be found out. */
    public Conversation<Boolean> probe() {
        return new ObjectProbe(pipe, this);
    }

    /** Returns what has failed and was not told, once. */
    public @Nullable PgException takeFailure() {
        PgException taken = failure;
        failure = null;
        return taken;
    }

    /** Notes that a call tells of a failure: it is not to be told again. */
    public void tell(PgException told) {
        if (failure == told || failure == told.getCause()) {
            failure = null;
        }
    }

    /** Returns whether something has failed and was not told. */
    public boolean hasFailed() {
        return failure != null;
    }

    /** Says that the call that waited has ended, however it did. */
    public void left() {
        target = null;
        pipe.pursue(null);
    }

    // Reading

    /**
     * Reads from the position on: what is there already at once, the rest in the conversation.
     *
     * @param to is filled up to its limit, unless the object ends before
     * @return null if there is nothing to wait for
     */
    public @Nullable Conversation<Boolean> read(ByteBuffer to) {
        flush();
        if (!readsAhead) {
            ended = false;
        }
        position += ahead.drain(to);
        int beyond = readsAhead ? window() : 0;
        readsInARow++;
        if (to.hasRemaining() && !ended) {
            target = to;
            Reading reading = new Reading(to, beyond);
            reading.feed();
            return pipe.trip(reading);
        }
        if (beyond > 0 && !ended && ahead.size() + asked <= beyond / 2) {
            ask(beyond - ahead.size() - asked);
            return pipe.trip(new Waiting(() -> true));
        }
        return null;
    }

    /** What is read one after the other is read ahead, further and further. */
    private int window() {
        return readsInARow == 0 ? 0 : Math.min(WINDOW, FIRST_WINDOW << Math.min(readsInARow - 1, 10));
    }

    /** Asks for so many bytes behind those that were asked for, or a few more, as far as that may be under way. */
    private void ask(long count) {
        seekTo(position + ahead.size() + asked);
        for (long left = count; left > 0 && asked < WINDOW; left -= READ_CHUNK) {
            int size = (int) Math.min(READ_CHUNK, left);
            pipe.call(ObjectFunction.READ, this, size, epoch, fd, size);
            asked += size;
            expected += size;
        }
    }

    private void arrived(ObjectStep.Call call, byte[] bytes, int offset, int length) {
        if (length > call.size()) {
            throw new ProtocolException(
                    "the server sent " + length + " bytes of a large object; asked for were " + call.size());
        }
        if (call.epoch() != epoch) {
            return;
        }
        asked -= call.size();
        if (length < call.size()) {
            ended = true;
            expected = expected < 0 ? expected : expected - (call.size() - length);
        }
        int direct = 0;
        ByteBuffer to = target;
        if (to != null && ahead.size() == 0) {
            direct = Math.min(length, to.remaining());
            to.put(bytes, offset, direct);
            position += direct;
        }
        ahead.keep(bytes, offset + direct, length - direct);
    }

    /** Returns how many bytes have been asked for and have not come. */
    public int asked() {
        return asked;
    }

    // Moving

    /** Stands somewhere else from now on; sends nothing. */
    public void moveTo(long to) {
        if (to == position) {
            return;
        }
        if (keptLength == 0 && to > position && to - position <= ahead.size()) {
            ahead.skip((int) (to - position));
        } else {
            flush();
            forgetAhead();
        }
        position = to;
    }

    private void forgetAhead() {
        if (asked > 0) {
            expected = -1;
        }
        epoch++;
        asked = 0;
        ahead.clear();
        ended = false;
        readsInARow = 0;
    }

    private void seekTo(long to) {
        if (expected != to) {
            pipe.call(ObjectFunction.SEEK, this, 0, epoch, fd, to, FROM_START);
            expected = to;
        }
    }

    /** Returns the conversation that finds out how long it is; {@link #answer()} tells then. */
    public Conversation<Boolean> measure() {
        flush();
        pipe.call(ObjectFunction.SEEK, this, ObjectStep.WANTED, epoch, fd, 0, FROM_END);
        expected = -1;
        return asking();
    }

    /** Returns the number that the server gave last. */
    public long answer() {
        return answer;
    }

    // Writing

    /**
     * Writes from the position on. What does not fill a chunk is kept back until more comes or anything else is done; the
     * conversation sends the rest.
     *
     * @param from all of it is taken
     * @return null if there is nothing to send
     */
    public @Nullable Conversation<Boolean> write(ByteBuffer from) {
        if (asked > 0 || ahead.size() > 0) {
            forgetAhead();
        }
        Writing writing = new Writing(from);
        writing.feed();
        return from.hasRemaining() || pipe.hasPieces() ? pipe.trip(writing) : null;
    }

    /** Returns the conversation that ends when the server has all that was written, or has refused it. */
    public Conversation<Boolean> confirm() {
        flush();
        return pipe.trip(new Waiting(() -> unconfirmed == 0));
    }

    /** Returns whether there is something that the server has not confirmed. */
    public boolean isUnconfirmed() {
        return keptLength > 0 || unconfirmed > 0;
    }

    /** Returns whether something has been written and not sent. */
    boolean keepsBack() {
        return keptLength > 0;
    }

    /** Encodes what has been kept back. */
    void flush() {
        if (keptLength > 0) {
            send(NOTHING, 0);
        }
    }

    private void send(ByteBuffer from, int count) {
        int size = keptLength + count;
        seekTo(position - keptLength);
        pipe.write(this, kept, keptLength, from, count);
        keptLength = 0;
        position += count;
        expected += size;
        unconfirmed += size;
    }

    private void keep(ByteBuffer from, int count) {
        if (kept.length == 0) {
            kept = new byte[CHUNK];
        }
        from.get(kept, keptLength, count);
        keptLength += count;
        position += count;
    }

    /** Returns the conversation that makes it so long, by cutting it off or with zeros. */
    public Conversation<Boolean> resize(long size) {
        flush();
        forgetAhead();
        pipe.call(ObjectFunction.TRUNCATE, this, ObjectStep.WANTED, epoch, fd, size);
        return asking();
    }

    /** Returns the conversation that sends what was written and closes it. */
    public Conversation<Boolean> close() {
        flush();
        pipe.call(ObjectFunction.CLOSE, this, ObjectStep.WANTED, epoch, fd);
        pipe.closed(this);
        return asking();
    }

    /** Forgets it, because the server has. */
    public void forget() {
        keptLength = 0;
        ahead.clear();
        pipe.closed(this);
    }

    private Conversation<Boolean> asking() {
        answered = false;
        return pipe.trip(new Waiting(() -> answered));
    }

    // What the pipe tells

    /** Takes the answer to a call. */
    void answered(ObjectStep.Call call, byte[] bytes, int offset, int length) {
        if (call.function() == ObjectFunction.READ) {
            arrived(call, bytes, offset, length);
            return;
        }
        boolean wide = call.function().isWide();
        if (length != (wide ? Long.BYTES : Integer.BYTES)) {
            throw new ProtocolException("the server sent a number of " + length + " bytes for a large object");
        }
        long value = WireReader.int32At(bytes, offset);
        if (wide) {
            value = value << Integer.SIZE | WireReader.int32At(bytes, offset + Integer.BYTES) & 0xffff_ffffL;
        }
        if (call.function() == ObjectFunction.WRITE) {
            unconfirmed -= call.size();
            if (value != call.size()) {
                throw new ProtocolException(
                        "the server wrote " + value + " bytes of a large object; sent were " + call.size());
            }
            return;
        }
        if (call.size() == ObjectStep.WANTED) {
            answer = value;
            answered = true;
        }
    }

    /** Notes that a call will not be answered. */
    void undone(ObjectStep.Call call) {
        if (call.function() == ObjectFunction.WRITE) {
            unconfirmed -= call.size();
        } else if (call.function() == ObjectFunction.READ && call.epoch() == epoch) {
            asked -= call.size();
        }
    }

    /** Notes that a request failed. Where the server stands is not known then, and what was kept back is not sent. */
    void failed(PgException cause) {
        failure = failure == null ? cause : failure;
        keptLength = 0;
        expected = -1;
        if (isMissing(cause)) {
            gone = "the server does not have it any more";
            cause.remark("A rollback to a savepoint from before the large object was opened closes it, and so does"
                    + " lo_close in SQL");
        }
    }

    /** Returns whether the server says that it has no such thing. */
    static boolean isMissing(PgException cause) {
        return cause instanceof ServerException error && error.sqlState().equals(SqlState.UNDEFINED_OBJECT);
    }

    /** Waits until a buffer is full or the object ends. */
    private final class Reading implements ObjectWork {
        private final ByteBuffer to;
        private final int beyond;

        Reading(ByteBuffer to, int beyond) {
            this.to = to;
            this.beyond = beyond;
        }

        private long missing() {
            return (long) to.remaining() + beyond - ahead.size() - asked;
        }

        @Override
        public void feed() {
            ask(missing());
        }

        @Override
        public boolean isHungry() {
            return failure == null && !ended && to.hasRemaining() && missing() > 0 && asked <= WINDOW / 2;
        }

        @Override
        public boolean isReached() {
            return failure != null ? pipe.isQuiet() : !to.hasRemaining() || ended && asked == 0;
        }
    }

    /** Waits until all of a buffer has been taken, and not too much is unconfirmed. */
    private final class Writing implements ObjectWork {
        private final ByteBuffer from;

        Writing(ByteBuffer from) {
            this.from = from;
        }

        /** Chunks end where a multiple of their size does, so that no page of the server's is written twice. */
        @Override
        public void feed() {
            while (from.hasRemaining()) {
                int room = CHUNK - (int) (position % CHUNK);
                if (from.remaining() < room) {
                    keep(from, from.remaining());
                } else if (unconfirmed < WINDOW) {
                    send(from, room);
                } else {
                    return;
                }
            }
        }

        @Override
        public boolean isHungry() {
            return failure == null && from.hasRemaining() && unconfirmed <= WINDOW / 2;
        }

        @Override
        public boolean isReached() {
            return failure != null ? pipe.isQuiet() : !from.hasRemaining() && unconfirmed <= WINDOW;
        }
    }

    /** Waits for something that sends nothing more. */
    private final class Waiting implements ObjectWork {
        private final BooleanSupplier reached;

        Waiting(BooleanSupplier reached) {
            this.reached = reached;
        }

        @Override
        public void feed() {}

        @Override
        public boolean isHungry() {
            return false;
        }

        @Override
        public boolean isReached() {
            return failure != null ? pipe.isQuiet() : reached.getAsBoolean();
        }
    }
}
