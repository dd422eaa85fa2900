package dev.howdah.replication;

import dev.howdah.type.Lsn;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Counts what a {@link Follower} does. Safe for several threads. */
final class FollowerCounters {

    private final ReentrantLock lock = new ReentrantLock();
    /** What was given to the sink and may not be acknowledged, in order. */
    private final ArrayDeque<Given> given = new ArrayDeque<>();

    private @Nullable TransactionStream stream;
    private Lsn serverLsn = Lsn.ZERO;
    private Lsn confirmed = Lsn.ZERO;
    private long transactions;
    private final LongAdder changes = new LongAdder();
    private @Nullable Instant lastCommit;
    private @Nullable Instant lastHeard;
    private long streams;
    private long begunAt;

    private record Given(ReplicatedTransaction transaction, Instant when) {}

    /** A stream has begun; what was given by the one before counts for nothing any more, it comes again. */
    void begun(TransactionStream begun) {
        lock.lock();
        try {
            stream = begun;
            streams++;
            begunAt = System.nanoTime();
            given.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether a stream has begun since. */
    boolean streamed(long since) {
        lock.lock();
        try {
            return streams > 0 && begunAt - since >= 0;
        } finally {
            lock.unlock();
        }
    }

    void given(ReplicatedTransaction transaction) {
        lock.lock();
        try {
            settle();
            given.add(new Given(transaction, Instant.now()));
            transaction.counted(changes::increment);
            if (transaction.kind() != ReplicatedTransaction.Kind.PROGRESS) {
                transactions++;
                lastCommit = Instant.EPOCH.equals(transaction.time()) ? lastCommit : transaction.time();
            }
        } finally {
            lock.unlock();
        }
    }

    private void settle() {
        while (!given.isEmpty() && given.getFirst().transaction.isAcknowledged()) {
            given.removeFirst();
        }
    }

    /** The stream is over. */
    void ended() {
        lock.lock();
        try {
            look();
            stream = null;
        } finally {
            lock.unlock();
        }
    }

    private void look() {
        TransactionStream from = stream;
        if (from != null) {
            Lsn end = from.cursor().walEnd();
            Lsn done = from.confirmed();
            serverLsn = end.isAfter(serverLsn) ? end : serverLsn;
            confirmed = done.isAfter(confirmed) ? done : confirmed;
            Instant heard = from.cursor().ioTimestamp();
            lastHeard = Instant.EPOCH.equals(heard) ? lastHeard : heard;
        }
    }

    FollowerStatus status() {
        lock.lock();
        try {
            look();
            settle();
            TransactionStream from = stream;
            return new FollowerStatus(
                    Instant.now(),
                    from != null,
                    serverLsn,
                    confirmed,
                    transactions,
                    changes.sum(),
                    (int) given.stream()
                            .filter(each -> !each.transaction.isAcknowledged())
                            .count(),
                    given.isEmpty() ? null : given.getFirst().when,
                    lastCommit,
                    lastHeard,
                    streams,
                    from == null ? 0 : from.spooledTransactions(),
                    from == null ? 0 : from.spooledBytes());
        } finally {
            lock.unlock();
        }
    }
}
