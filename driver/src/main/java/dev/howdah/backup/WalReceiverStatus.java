package dev.howdah.backup;

import dev.howdah.type.Lsn;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link WalReceiver} stands at one moment. Immutable.
 *
 * @param at when that was, by this machine's clock
 * @param streaming whether it has a stream now
 * @param timeline which one is received; 0 before the first stream
 * @param writtenLsn up to where the log has come; {@code 0/0} before the first stream
 * @param flushedLsn up to where it outlives a power cut; {@code 0/0} if nothing does
 * @param serverLsn up to where the server has said that its log goes; {@code 0/0} before the first stream
 * @param bytes how much has been received, what came twice counted twice
 * @param segments how many have been completed
 * @param uncompressed how many of them wait to be compressed
 * @param streams how many streams have been begun
 * @param lastHeard when the server sent something last; null before the first stream
 */
public record WalReceiverStatus(
        Instant at,
        boolean streaming,
        long timeline,
        Lsn writtenLsn,
        Lsn flushedLsn,
        Lsn serverLsn,
        long bytes,
        long segments,
        int uncompressed,
        long streams,
        @Nullable Instant lastHeard) {

    /** Returns how many bytes of log the server has told of that are not on the disk, from 0 up. */
    public long lagBytes() {
        return serverLsn.isAfter(flushedLsn) ? serverLsn.minus(flushedLsn) : 0;
    }

    /** Returns how many bytes a second were received since an earlier status; 0 if that is of the same moment. */
    public double bytesPerSecond(WalReceiverStatus before) {
        double seconds = Duration.between(before.at, at).toNanos() / 1e9;
        return seconds > 0 ? (bytes - before.bytes) / seconds : 0;
    }
}
