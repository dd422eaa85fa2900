package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.error.ProtocolException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.replication.ReplicationCursor;
import dev.howdah.replication.ReplicationMessage;
import dev.howdah.replication.ReplicationType;
import dev.howdah.replication.StandbyFeedback;
import dev.howdah.replication.StreamOptions;
import dev.howdah.replication.TimelineSwitch;
import dev.howdah.type.Lsn;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Receives the log over one connection into a store, from a place on and over switches of the timeline, until it is stopped or all
 * before an end has come. What the server is told to be on the disk is: at the end of a segment, when nothing more comes for a moment,
 * at each status interval, and, if it is synchronous, as soon as nothing more waits to be read.
 *
 * <p>{@link #run} is for one thread, once; the rest for any.
 */
final class WalReception {

    /** How long to wait for more before what has come is synced, and before looking whether to go on. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private final ReplicationCursor cursor;
    private final int segmentSize;
    private final WalStore store;
    private final Settings settings;
    private final Consumer<? super WalReceiverEvent> events;

    private @Nullable WalSegment open;
    private boolean dirty;
    private long toldAt;
    private final LongAdder received = new LongAdder();
    private long syncedAt = System.nanoTime();

    private volatile long timeline;
    private volatile Lsn written = Lsn.ZERO;
    private volatile Lsn flushed = Lsn.ZERO;
    private volatile Lsn end = Lsn.MAX;
    private volatile boolean stopping;
    private volatile boolean streamed;

    /**
     * How to receive.
     *
     * @param slot null for none
     * @param statusInterval how often the server is told at least
     * @param synchronous whether to sync, and tell the server, as soon as nothing more waits to be read
     * @param standbyFeedback what to tell the server with each status; null for nothing
     */
    record Settings(
            @Nullable String slot,
            Duration statusInterval,
            boolean synchronous,
            @Nullable Supplier<StandbyFeedback> standbyFeedback) {

        Settings {
            Objects.requireNonNull(statusInterval, "statusInterval");
        }
    }

    /**
     * Makes one; sends nothing.
     *
     * @param cursor of a connection for replication on which no stream is open
     * @param segmentSize of the server
     * @param events is told of streams, segments and timelines, by the thread that receives
     */
    WalReception(
            ReplicationCursor cursor,
            int segmentSize,
            WalStore store,
            Settings settings,
            Consumer<? super WalReceiverEvent> events) {
        this.cursor = cursor;
        this.segmentSize = segmentSize;
        this.store = store;
        this.settings = settings;
        this.events = events;
    }

    /**
     * Receives. When this returns, all that has come is in the store and synced, the stream is stopped, and the connection can be used.
     *
     * @param first the timeline to begin with
     * @param from the place from which on log is needed; it begins with the segment that holds that
     * @throws BackupException if the log is not there any more, or the store fails
     * @throws PgException why the stream has failed; what had come is in the store and synced
     */
    void run(long first, Lsn from) {
        timeline = first;
        Lsn begin = from.segmentStart(segmentSize);
        try {
            keepHistory();
            while (!isOver()) {
                TimelineSwitch next = stream(begin);
                if (next != null) {
                    follow(next);
                    begin = next.position().segmentStart(segmentSize);
                }
            }
        } catch (RuntimeException | Error e) {
            if (e instanceof BackupException failed && failed.reason() == Reason.FILE_FAILED) {
                // What could not be written once counts as lost, whatever the system says of it later.
                leave(failed);
                throw e;
            }
            keep(e);
            throw e;
        }
    }

    /** Has it end when all before a place has come, been written and synced: it may have. */
    void endAt(Lsn place) {
        end = place;
    }

    /** Has it end with what has come. */
    void stop() {
        stopping = true;
    }

    /** Returns the timeline that is received. */
    long timeline() {
        return timeline;
    }

    /** Returns up to where the log has come. Goes back to the beginning of a segment where a timeline begins. */
    Lsn written() {
        return written;
    }

    /** Returns up to where it outlives a power cut. */
    Lsn flushed() {
        return flushed;
    }

    /** Returns how many bytes have been received. */
    long received() {
        return received.sum();
    }

    /** Returns up to where the server has said that its log goes, {@code 0/0} before there is a stream. */
    Lsn serverEnd() {
        return streamed ? cursor.walEnd() : Lsn.ZERO;
    }

    /** Returns when something has come last, null before there is a stream. */
    @Nullable
    Instant heardAt() {
        Instant heard = streamed ? cursor.ioTimestamp() : Instant.EPOCH;
        return Instant.EPOCH.equals(heard) ? null : heard;
    }

    private boolean isOver() {
        return stopping || written.compareTo(end) >= 0;
    }

    /** Streams a timeline; returns which one follows if it has ended, null if there was enough. */
    private @Nullable TimelineSwitch stream(Lsn begin) {
        written = begin;
        StreamOptions how = StreamOptions.DEFAULT
                .type(ReplicationType.PHYSICAL)
                .startLsn(begin)
                .timeline(timeline)
                .statusInterval(settings.statusInterval());
        try {
            cursor.startReplication(settings.slot() == null ? how : how.slotName(settings.slot()));
            streamed = true;
            if (cursor.isStreaming()) {
                tellFeedback();
                events.accept(new WalReceiverEvent.Streaming(
                        cursor.connection().info().host(),
                        cursor.connection().info().port(),
                        timeline,
                        begin));
            }
            while (cursor.isStreaming() && !isOver()) {
                step();
            }
        } catch (ServerException e) {
            throw SqlState.UNDEFINED_FILE.equals(e.sqlState()) ? missing(e) : e;
        }
        sync(false);
        boolean enough = cursor.isStreaming();
        if (enough) {
            cursor.stopReplication();
        }
        store.leave();
        open = null;
        return enough ? null : ended();
    }

    private BackupException missing(ServerException cause) {
        return new BackupException(
                Reason.WAL_MISSING,
                "the server has no log from " + written + " on any more, which is where the segment "
                        + WalSegment.at(timeline, written, segmentSize)
                        + " has to go on. Take that segment and those behind it from an archive, or take a new"
                        + " backup and begin in another folder; a slot keeps the server from removing them: "
                        + cause.getMessage(),
                cause);
    }

    private TimelineSwitch ended() {
        TimelineSwitch next = cursor.timelineSwitch();
        if (next == null) {
            throw new ConnectionLostException(
                    "The server has ended the stream without a reason", null, Delivery.COMPLETED, null);
        }
        if (next.timeline() <= timeline || next.position().isAfter(written)) {
            throw new ProtocolException("the server has ended the timeline " + timeline + " at " + written
                    + " and said that the timeline " + next.timeline() + " follows at " + next.position());
        }
        return next;
    }

    private void follow(TimelineSwitch next) {
        long before = timeline;
        timeline = next.timeline();
        keepHistory();
        if (!isOver()) {
            events.accept(new WalReceiverEvent.TimelineEnded(before, next));
        }
    }

    /** The first timeline has no history. */
    private void keepHistory() {
        if (timeline > 1 && !store.hasHistory(timeline)) {
            String content = cursor.timelineHistory(timeline).content();
            store.history(timeline, content.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void step() {
        ReplicationMessage next = null;
        if (settings.synchronous() && dirty) {
            next = cursor.readMessage();
            if (next == null) {
                sync(true);
            }
        }
        if (next == null && cursor.isStreaming()) {
            next = cursor.readMessage(LOOK);
        }
        if (next != null) {
            take(next);
        }
        if (next == null || isDue(syncedAt)) {
            sync(settings.synchronous());
        }
        if (isDue(toldAt) && cursor.isStreaming()) {
            tellFeedback();
        }
    }

    private boolean isDue(long last) {
        return System.nanoTime() - last >= settings.statusInterval().toNanos();
    }

    private void tellFeedback() {
        toldAt = System.nanoTime();
        Supplier<StandbyFeedback> source = settings.standbyFeedback();
        if (source == null) {
            return;
        }
        StandbyFeedback feedback;
        try {
            feedback = source.get();
        } catch (RuntimeException | Error e) {
            throw new BackupException(Reason.CONSUMER_FAILED, "the source of the feedback has thrown: " + e, e);
        }
        cursor.sendStandbyFeedback(feedback);
    }

    private void take(ReplicationMessage message) {
        if (!message.dataStart().equals(written)) {
            throw new ProtocolException(
                    "the server sent log from " + message.dataStart() + " on, where " + written + " was to follow");
        }
        byte[] payload = message.payload();
        int offset = 0;
        while (offset < payload.length) {
            WalSegment segment = open;
            if (segment == null) {
                segment = WalSegment.at(timeline, written, segmentSize);
                store.open(segment);
                open = segment;
            }
            int room = (int) segment.end().minus(written);
            int length = Math.min(room, payload.length - offset);
            store.write(payload, offset, length);
            dirty = true;
            received.add(length);
            offset += length;
            written = written.plus(length);
            if (length == room) {
                complete(segment);
            }
        }
    }

    private void complete(WalSegment segment) {
        open = null;
        store.complete();
        synced(settings.synchronous());
        events.accept(new WalReceiverEvent.SegmentCompleted(segment));
    }

    /** Syncs what has come, if something has, and has the server be told. */
    private void sync(boolean atOnce) {
        if (dirty) {
            store.sync();
            synced(atOnce);
        }
    }

    private void synced(boolean atOnce) {
        dirty = false;
        syncedAt = System.nanoTime();
        if (!store.isDurable()) {
            return;
        }
        flushed = written;
        if (cursor.isStreaming()) {
            cursor.sendFeedback(null, flushed, null, false, atOnce);
        }
    }

    /** Keeps what has come of a stream that has failed. */
    private void keep(Throwable failure) {
        try {
            if (dirty) {
                store.sync();
                dirty = false;
                flushed = written;
            }
            open = null;
            store.leave();
        } catch (BackupException e) {
            failure.addSuppressed(e);
            leave(e);
        }
    }

    private void leave(BackupException failure) {
        try {
            store.leave();
        } catch (BackupException e) {
            failure.addSuppressed(e);
        }
    }
}
