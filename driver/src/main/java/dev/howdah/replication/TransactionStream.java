package dev.howdah.replication;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.pump.CallLimits;
import dev.howdah.replication.ReplicatedTransaction.Kind;
import dev.howdah.type.Lsn;
import dev.howdah.type.TypeRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a logical slot tells, transaction by transaction, in the order of their commits; only what was committed, or prepared if that
 * was asked for. A transaction is handed out with its first change, when its end may still be under way. One that the server sends
 * while it runs is kept until its end is known, in memory or on disk, and what was rolled back of it is left out. Transactions that
 * changed nothing that is followed are not told.
 *
 * <p>Nothing is confirmed to the server before it was {@link ReplicatedTransaction#acknowledge() acknowledged}. Transactions can be
 * acknowledged in any order; the server is told up to where all have been, and everything else comes again in the next stream of the
 * slot. So every transaction comes at least once. Who stores {@link ReplicatedTransaction#endLsn()} in one transaction with the
 * changes, and begins the next stream there, gets each exactly once.
 *
 * <p>One thread reads: the stream, and the changes of the transaction that it was given last. Acknowledging and closing are for any.
 * The connection belongs to the stream, as a {@link ReplicationCursor} says.
 *
 * @see <a href="https://www.postgresql.org/docs/current/logicaldecoding-explanation.html">Logical decoding concepts</a>
 */
public final class TransactionStream implements Iterable<ReplicatedTransaction>, AutoCloseable {

    /** How often to look whether the server asks for progress. */
    private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

    private final ReplicationCursor cursor;
    private final ReplicationStream stream;
    private final MessageQueue queue;
    private final ChangeDecoder decoder;
    private final Spool spool;
    private final TransactionAssembler assembler;
    private final ResumeToken begun;
    private final Queue<PgOutputMessage> decoded = new ArrayDeque<>();
    private final long progressInterval;
    private long progressAt = System.nanoTime();
    private byte[] payload = {};
    /** What was handed out last. */
    private @Nullable ReplicatedTransaction current;

    private volatile @Nullable RuntimeException failure;
    private volatile boolean closed;

    /** Where the changes of a transaction come from, in their order. */
    interface Changes {
        /** Returns the next one, null if there is none. */
        @Nullable
        Change next();
    }

    private TransactionStream(ReplicationCursor cursor, TransactionStreamOptions options, SystemIdentity server) {
        TypeRegistry types = options.types == null ? cursor.connection().types() : options.types;
        this.cursor = cursor;
        this.stream = cursor.requireStream();
        this.queue = stream.queue();
        this.decoder = switch (options.plugin) {
            case PGOUTPUT -> new PgOutputDecoder(types);
            case TEST_DECODING -> new TestDecodingDecoder(types);
            case WAL2JSON -> new Wal2JsonDecoder(types);
        };
        this.spool = new Spool(options.spoolMemory, options.spoolDisk, options.spoolFolder);
        this.progressInterval = options.progressInterval().toNanos();
        this.assembler = new TransactionAssembler(this, spool, new RelationNews(options.tables));
        this.begun = new ResumeToken(server.systemId(), server.timeline(), options.slot, options.stream.startLsn);
    }

    /**
     * Begins to stream. Returns when the server has begun.
     *
     * @param cursor of a connection that has not streamed before
     * @throws dev.howdah.error.ServerException if the server refuses, as {@link ReplicationCursor#startReplication(StreamOptions)} says; or,
     *     before anything is sent (0A000), if it does not know an option
     * @throws dev.howdah.error.ReplicationException if it is to begin where a sink stands, and changes behind that are lost
     * @throws IllegalArgumentException if pgoutput is to follow no publication
     */
    public static TransactionStream open(ReplicationCursor cursor, TransactionStreamOptions options) {
        StreamOptions plain = options.forServer(cursor.connection().info().serverVersion());
        SystemIdentity server = cursor.identifySystem();
        if (options.resume != null) {
            ResumeCheck.check(cursor, server, options, options.resume);
        }
        cursor.startReplication(
                plain.tracked().idleAdvance(options.progressInterval().isZero()));
        return new TransactionStream(cursor, options, server);
    }

    /** Returns the cursor that it reads, for what is known of the stream. */
    public ReplicationCursor cursor() {
        return cursor;
    }

    /**
     * Waits for the next transaction. What was not read of the one before is passed over, though not acknowledged.
     *
     * @return null if the stream has ended, as by {@link #close()}
     * @throws PgException why the stream has failed
     * @throws dev.howdah.error.InterruptedWaitException if the thread was interrupted; the stream goes on
     * @throws IllegalStateException if the stream has failed before
     */
    public @Nullable ReplicatedTransaction next() {
        return next(Long.MAX_VALUE);
    }

    /**
     * Waits for the next transaction, and no longer than a timeout. The first change of a transaction counts: to read the others may
     * take longer.
     *
     * @param timeout zero does not wait
     * @return null if none has come in time, or the stream has ended, which {@link ReplicationCursor#isStreaming()} tells
     */
    public @Nullable ReplicatedTransaction next(Duration timeout) {
        return next(CallLimits.within(timeout).deadline());
    }

    /** Returns an iterator over the transactions that waits for each, as {@link #next()} does, and ends with the stream. */
    @Override
    public Iterator<ReplicatedTransaction> iterator() {
        return new Stepping<>(this::next, "the stream has ended");
    }

    /**
     * Returns the transactions for one subscriber. It reads the changes of each before {@code onNext} returns; what it leaves is passed
     * over. No transaction is read that it has not asked for, so that a slow subscriber holds the server back. It is served on a
     * virtual thread of its own, and acknowledges there or elsewhere, then or later. When it cancels, or throws, the stream is
     * closed. Why the stream has failed comes as the error, also when that came out while changes were read; its end otherwise
     * completes. A further subscriber gets an {@link IllegalStateException}, and while there is one nobody else may read.
     *
     * @throws IllegalStateException if the connection is polled
     */
    public Flow.Publisher<ReplicatedTransaction> publisher() {
        return StreamPublisher.of(stream, this::next, this::close, ReplicatedTransaction::failure);
    }

    private @Nullable ReplicatedTransaction next(long deadline) {
        RuntimeException failed = failure;
        if (failed != null) {
            throw new IllegalStateException("the stream has failed: " + failed.getMessage(), failed);
        }
        if (current != null) {
            current.finish();
            current = null;
        }
        while (!closed) {
            current = progress();
            if (current != null) {
                return current;
            }
            PgOutputMessage message = receive(deadline);
            if (message != null) {
                current = took(message);
                if (current != null) {
                    return current;
                }
            } else if (stream.isEnding() || (deadline != Long.MAX_VALUE && deadline - System.nanoTime() <= 0)) {
                return null;
            }
        }
        return null;
    }

    private @Nullable ReplicatedTransaction progress() {
        if (progressInterval == 0) {
            return null;
        }
        boolean due = System.nanoTime() - progressAt >= progressInterval;
        LsnTracker.Mark mark =
                queue.tracked(tracker -> due || tracker.isProgressAsked() ? tracker.takeProgress() : null);
        if (mark == null) {
            return null;
        }
        progressAt = System.nanoTime();
        Lsn place = Lsn.of(LsnTracker.place(mark));
        ReplicatedTransaction told = new ReplicatedTransaction(this, Kind.PROGRESS, 0, null, place, Instant.EPOCH);
        told.ends(place, place);
        told.mark = mark;
        return told;
    }

    /**
     * Waits for the next message of the transaction that is being read.
     *
     * @param alone whether no stream block is under way, whose changes are another's
     * @return the change that it is, null if it is something else, which has been dealt with
     */
    @Nullable
    Change receiveChange(boolean alone) {
        PgOutputMessage message = receive(Long.MAX_VALUE);
        while (message == null) {
            if (stream.isEnding()) {
                throw new ConnectionLostException(
                        "The stream was ended in the middle of a transaction, which comes again in the next one",
                        null,
                        Delivery.COMPLETED,
                        null);
            }
            message = receive(Long.MAX_VALUE);
        }
        if (alone && message instanceof Change change) {
            settle();
            return change;
        }
        took(message);
        return null;
    }

    /** Returns what comes next, null if nothing does in time. */
    private @Nullable PgOutputMessage receive(long deadline) {
        while (decoded.isEmpty()) {
            long left = deadline == Long.MAX_VALUE ? deadline : deadline - System.nanoTime();
            left = progressInterval == 0 ? left : Math.min(left, Math.min(progressInterval, LOOK));
            ReplicationMessage message =
                    cursor.receive(left == Long.MAX_VALUE ? null : Duration.ofNanos(Math.max(left, 0)));
            if (message == null) {
                return null;
            }
            payload = message.payload();
            guarded(() -> {
                decoder.decode(message, decoded::add);
                return true;
            });
            settle();
        }
        return decoded.remove();
    }

    /** What cannot be read must not be passed over. */
    private <T extends @Nullable Object> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        }
    }

    /** Deals with a message; returns what is to be handed out because of it, null if nothing is. */
    private @Nullable ReplicatedTransaction took(PgOutputMessage message) {
        ReplicatedTransaction ready = guarded(() -> assembler.handle(message, payload));
        settle();
        return ready;
    }

    /** When all that came with the last message has been dealt with, keepalives behind it count. */
    private void settle() {
        if (decoded.isEmpty()) {
            queue.track(LsnTracker::dealtWith);
        }
    }

    /** Notes that there was nothing up to a place, as a keepalive does. */
    void nothingUpTo(Lsn place) {
        queue.track(tracker -> tracker.keepalive(place.asLong()));
    }

    /** Notes that a transaction has ended, and is to be acknowledged. */
    void expect(ReplicatedTransaction ended) {
        queue.track(tracker -> {
            ended.mark = tracker.expect(ended.endLsn().asLong());
            if (ended.isAcknowledged()) {
                tracker.acknowledge(ended.mark);
            }
        });
    }

    ResumeToken token(Lsn end) {
        return new ResumeToken(begun.systemId(), begun.timeline(), begun.slot(), end);
    }

    void acknowledge(ReplicatedTransaction done) {
        queue.track(tracker -> {
            if (!done.isAcknowledged() && done.mark != null) {
                tracker.acknowledge(done.mark);
            }
            done.setAcknowledged();
        });
        stream.tellSoon();
    }

    /** Returns how many transactions wait for their end here. */
    public int spooledTransactions() {
        return spool.size();
    }

    /** Returns how many bytes of them are on disk. */
    public long spooledBytes() {
        return spool.onDisk();
    }

    /** Returns up to where all has been acknowledged, or {@code 0/0}; the server has been told, or is within a fifth of a second. */
    public Lsn confirmed() {
        return cursor.confirmed();
    }

    /**
     * Stops the stream, as {@link ReplicationCursor#stopReplication()} does: the server is told what has been acknowledged; what has not
     * comes again in the next stream. Whoever waits for a transaction gets null. The connection stays open.
     *
     * @throws ConnectionLostException if the connection was lost
     */
    @Override
    public void close() {
        closed = true;
        try {
            cursor.stopReplication();
        } finally {
            spool.close();
        }
    }
}
