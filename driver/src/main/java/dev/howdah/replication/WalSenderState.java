package dev.howdah.replication;

import dev.howdah.type.Lsn;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A server process that sends log to a standby or changes to a consumer, as {@code pg_stat_replication} shows it, at one moment.
 * Immutable. Of processes of other users a role sees no more than {@code pid}, {@code user}, {@code applicationName} and {@code slotName},
 * unless it is a member of {@code pg_monitor} or {@code pg_read_all_stats}; the rest is null then.
 *
 * @param pid its process ID
 * @param user whose connection it serves; null if there is no such role any more
 * @param applicationName what the client calls itself; may be empty
 * @param clientAddress where the client is; null on a Unix socket
 * @param backendStart when the client connected
 * @param state {@code startup}, {@code catchup}, {@code streaming}, {@code backup} or {@code stopping}
 * @param serverLsn how far the log of the server went: up to where it was written, or on a standby received or replayed, whichever is more
 * @param sentLsn up to where it has sent; null before it streams
 * @param writeLsn up to where the client has written; null if the client has not said so
 * @param flushLsn up to where it is safe with the client; null if the client has not said so
 * @param replayLsn up to where it has taken effect there; null if the client has not said so
 * @param writeLag how long it took from when log was flushed here until the client said that it had written it; null if that is not known, or
 *     the client has had all and nothing was written for a while
 * @param flushLag the same until it was safe there
 * @param replayLag the same until it had taken effect there
 * @param syncPriority in the choice of the synchronous standbys; 0 if it cannot be one
 * @param syncState {@code async}, {@code potential}, {@code sync} or {@code quorum}
 * @param replyTime when the client's last answer was sent, by the client's clock; null if there was none
 * @param slotName the slot that it uses; null if it uses none
 * @see <a href="https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW">pg_stat_replication</a>
 */
public record WalSenderState(
        int pid,
        @Nullable String user,
        @Nullable String applicationName,
        @Nullable InetAddress clientAddress,
        @Nullable Instant backendStart,
        @Nullable String state,
        Lsn serverLsn,
        @Nullable Lsn sentLsn,
        @Nullable Lsn writeLsn,
        @Nullable Lsn flushLsn,
        @Nullable Lsn replayLsn,
        @Nullable Duration writeLag,
        @Nullable Duration flushLag,
        @Nullable Duration replayLag,
        @Nullable Integer syncPriority,
        @Nullable String syncState,
        @Nullable Instant replyTime,
        @Nullable String slotName) {

    /** Returns how many bytes of log have not been sent, from 0 up; null where {@code sentLsn} is. */
    public @Nullable Long sentLagBytes() {
        return SlotState.lag(serverLsn, sentLsn);
    }

    /** Returns how many bytes of log the client has not written, from 0 up; null where {@code writeLsn} is. */
    public @Nullable Long writeLagBytes() {
        return SlotState.lag(serverLsn, writeLsn);
    }

    /** Returns how many bytes of log are not safe with the client, from 0 up; null where {@code flushLsn} is. */
    public @Nullable Long flushLagBytes() {
        return SlotState.lag(serverLsn, flushLsn);
    }

    /** Returns how many bytes of log have not taken effect with the client, from 0 up; null where {@code replayLsn} is. */
    public @Nullable Long replayLagBytes() {
        return SlotState.lag(serverLsn, replayLsn);
    }
}
