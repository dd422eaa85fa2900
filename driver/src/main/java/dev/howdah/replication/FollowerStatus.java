package dev.howdah.replication;

import dev.howdah.type.Lsn;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Follower} stands at one moment. Immutable.
 *
 * @param at when that was, by this machine's clock
 * @param streaming whether it has a stream now
 * @param serverLsn the highest place in the log that the server has told of; {@code 0/0} before the first stream
 * @param confirmedLsn up to where all has been acknowledged; {@code 0/0} if nothing was
 * @param transactions how many were given to the sink, those that came twice counted twice; without progress
 * @param changes how many changes of rows, truncations and messages were read by the sink
 * @param unacknowledged how many transactions were given to the sink and have not been acknowledged
 * @param oldestUnacknowledged when the first of them was given to the sink; null if there is none
 * @param lastCommit when the transaction was committed that came last; null if none came
 * @param lastHeard when the server sent something last; null before the first stream
 * @param streams how many streams have been begun
 * @param spooledTransactions how many transactions wait here for their end
 * @param spooledBytes how much of them is on disk, in bytes
 */
public record FollowerStatus(
        Instant at,
        boolean streaming,
        Lsn serverLsn,
        Lsn confirmedLsn,
        long transactions,
        long changes,
        int unacknowledged,
        @Nullable Instant oldestUnacknowledged,
        @Nullable Instant lastCommit,
        @Nullable Instant lastHeard,
        long streams,
        int spooledTransactions,
        long spooledBytes) {

    /** Returns how many bytes of log the server has told of that are not confirmed, from 0 up. */
    public long lagBytes() {
        return serverLsn.isAfter(confirmedLsn) ? serverLsn.minus(confirmedLsn) : 0;
    }

    /** Returns for how long the oldest transaction that is not acknowledged has been waiting for that; zero if none waits. */
    public Duration lag() {
        Instant since = oldestUnacknowledged;
        return since == null || since.isAfter(at) ? Duration.ZERO : Duration.between(since, at);
    }

    /** Returns how many transactions a second were given to the sink since an earlier status; 0 if that is of the same moment. */
    public double transactionsPerSecond(FollowerStatus before) {
        return perSecond(transactions - before.transactions, before);
    }

    /** Returns how many changes a second were read by the sink since an earlier status; 0 if that is of the same moment. */
    public double changesPerSecond(FollowerStatus before) {
        return perSecond(changes - before.changes, before);
    }

    private double perSecond(long count, FollowerStatus before) {
        double seconds = Duration.between(before.at, at).toNanos() / 1e9;
        return seconds > 0 ? count / seconds : 0;
    }
}
