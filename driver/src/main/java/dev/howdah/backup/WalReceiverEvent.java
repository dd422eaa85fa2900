package dev.howdah.backup;

import dev.howdah.error.PgException;
import dev.howdah.replication.TimelineSwitch;
import dev.howdah.type.Lsn;
import java.time.Duration;

/** What happens to a {@link WalReceiver}. Immutable. */
public sealed interface WalReceiverEvent {

    /**
     * A stream has begun.
     *
     * @param host the server's name or address, as the connection says it
     * @param port of the server
     * @param timeline which one is received
     * @param from the place in the log, the first of a segment
     */
    record Streaming(String host, int port, long timeline, Lsn from) implements WalReceiverEvent {}

    /**
     * A segment is whole, and outlives a power cut. If it is to be compressed that follows.
     *
     * @param segment which one
     */
    record SegmentCompleted(WalSegment segment) implements WalReceiverEvent {}

    /**
     * A timeline is over; the next one follows, and its history is on the disk.
     *
     * @param timeline which one is over
     * @param next which one follows, and from where on
     */
    record TimelineEnded(long timeline, TimelineSwitch next) implements WalReceiverEvent {}

    /**
     * There is no stream any more, or none could be begun; another attempt follows.
     *
     * @param cause why
     * @param pause how long to wait before it
     */
    record Interrupted(PgException cause, Duration pause) implements WalReceiverEvent {}
}
