package dev.howdah.backup;

import dev.howdah.type.Lsn;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Counts what a {@link WalReceiver} does. Safe for several threads. */
final class WalReceiverCounters {

    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable WalReception reception;
    private boolean streaming;
    private long timeline;
    private Lsn written = Lsn.ZERO;
    private Lsn flushed = Lsn.ZERO;
    private Lsn server = Lsn.ZERO;
    private long bytes;
    private long segments;
    private long streams;
    private long begunAt;
    private @Nullable Instant lastHeard;

    /** A connection is there, and a stream is about to begin. */
    void begun(WalReception of) {
        lock.lock();
        try {
            reception = of;
        } finally {
            lock.unlock();
        }
    }

    /** Notes what has happened. */
    void note(WalReceiverEvent event) {
        lock.lock();
        try {
            switch (event) {
                case WalReceiverEvent.Streaming begun -> {
                    streaming = true;
                    streams++;
                    begunAt = System.nanoTime();
                }
                case WalReceiverEvent.SegmentCompleted completed -> segments++;
                case WalReceiverEvent.TimelineEnded ended -> look();
                case WalReceiverEvent.Interrupted interrupted -> {}
            }
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

    /** The connection is over. */
    void ended() {
        lock.lock();
        try {
            look();
            if (reception != null) {
                bytes += reception.received();
            }
            reception = null;
            streaming = false;
        } finally {
            lock.unlock();
        }
    }

    /** What comes again, from the beginning of a segment on, is there already; on another timeline it is not. */
    private void look() {
        WalReception from = reception;
        if (from == null || !streaming) {
            return;
        }
        if (from.timeline() != timeline) {
            timeline = from.timeline();
            written = Lsn.ZERO;
            flushed = Lsn.ZERO;
        }
        written = later(written, from.written());
        flushed = later(flushed, from.flushed());
        server = later(server, from.serverEnd());
        Instant heard = from.heardAt();
        lastHeard = heard == null ? lastHeard : heard;
    }

    private static Lsn later(Lsn one, Lsn other) {
        return one.isAfter(other) ? one : other;
    }

    WalReceiverStatus status(int uncompressed) {
        lock.lock();
        try {
            look();
            return new WalReceiverStatus(
                    Instant.now(),
                    streaming,
                    timeline,
                    written,
                    flushed,
                    server,
                    bytes + (reception == null ? 0 : reception.received()),
                    segments,
                    uncompressed,
                    streams,
                    lastHeard);
        } finally {
            lock.unlock();
        }
    }
}
