package dev.howdah.replication;

import dev.howdah.type.Lsn;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A replication slot as {@code pg_replication_slots} shows it, at one moment. Immutable. Null is what the server has no value for, or
 * what its version does not know.
 *
 * @param name its name
 * @param type what it is of
 * @param plugin the output plugin of a logical one; null of a physical one
 * @param database the database of a logical one; null of a physical one
 * @param temporary whether it goes when its session ends
 * @param active whether a process uses it
 * @param activePid the process that uses it; null if none does
 * @param serverLsn how far the log of the server went: up to where it was written, or on a standby received or replayed, whichever is more
 * @param restartLsn from where on the log is kept for it; null if it keeps nothing, because nobody has used it yet or because it is lost
 * @param confirmedFlushLsn up to where the consumer of a logical one has confirmed; null of a physical one
 * @param walStatus whether what it needs is there: {@code reserved}, {@code extended}, {@code unreserved} (it may be gone at the next
 *     checkpoint) or {@code lost}; null while {@code restartLsn} is and nothing was lost
 * @param safeWalSize how many bytes of log can be written before it is in danger of being lost, 0 or less when it is; null if it is lost,
 *     or nothing limits what it keeps
 * @param xminAge of the oldest transaction whose rows it keeps from vacuum, in transactions; null if it keeps none
 * @param catalogXminAge the same of rows of the system catalogs
 * @param twoPhase whether prepared transactions are decoded when they are prepared
 * @param conflicting whether a logical one was lost to a conflict with recovery; null of a physical one, and before PostgreSQL 16
 * @param invalidationReason why it was lost: {@code wal_removed}, {@code rows_removed}, {@code wal_level_insufficient}, {@code
 *     idle_timeout}; null if it is not lost, and before PostgreSQL 17
 * @param failover whether a logical one is kept on standbys, too; null before PostgreSQL 17
 * @param synced whether it was copied from the primary and is kept in step with it; null before PostgreSQL 17
 * @param inactiveSince since when nobody uses it, to the microsecond; on a standby of a copied one when it was last copied; null while it is
 *     used, and before PostgreSQL 17
 * @see <a href="https://www.postgresql.org/docs/current/view-pg-replication-slots.html">pg_replication_slots</a>
 */
public record SlotState(
        String name,
        ReplicationType type,
        @Nullable String plugin,
        @Nullable String database,
        boolean temporary,
        boolean active,
        @Nullable Integer activePid,
        Lsn serverLsn,
        @Nullable Lsn restartLsn,
        @Nullable Lsn confirmedFlushLsn,
        @Nullable String walStatus,
        @Nullable Long safeWalSize,
        @Nullable Integer xminAge,
        @Nullable Integer catalogXminAge,
        boolean twoPhase,
        @Nullable Boolean conflicting,
        @Nullable String invalidationReason,
        @Nullable Boolean failover,
        @Nullable Boolean synced,
        @Nullable Instant inactiveSince) {

    /** Returns how many bytes of log the server keeps for it, from 0 up; null if it keeps nothing. */
    public @Nullable Long restartLagBytes() {
        return lag(serverLsn, restartLsn);
    }

    /** Returns how many bytes of log its consumer has not confirmed, from 0 up; null of a physical one. */
    public @Nullable Long confirmedFlushLagBytes() {
        return lag(serverLsn, confirmedFlushLsn);
    }

    /** Returns whether it cannot be used any more: log or rows that it needs are gone, or the server has given it up. */
    public boolean isLost() {
        return "lost".equals(walStatus) || invalidationReason != null || Boolean.TRUE.equals(conflicting);
    }

    /** Bytes between two places; 0 where the first has moved on after the other was looked at. */
    static @Nullable Long lag(Lsn server, @Nullable Lsn place) {
        if (place == null) {
            return null;
        }
        return server.isAfter(place) ? server.minus(place) : 0;
    }
}
