package dev.howdah.replication;

import dev.howdah.error.ConnectionLostException;
import org.jspecify.annotations.Nullable;

/**
 * A sink whose failures can be told from those of the stream: a sink that stores with this driver throws the same classes. What it
 * throws comes as a {@link SinkFailedException}, unless the stream failed below it while it read changes, which then comes instead.
 */
final class GuardedSink {

    private final ChangeSink sink;

    GuardedSink(ChangeSink sink) {
        this.sink = sink;
    }

    /** Carries what a sink has thrown. */
    static final class SinkFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private SinkFailedException(Exception thrown) {
            super(thrown);
        }

        /** Returns what the sink has thrown. */
        Throwable thrown() {
            Throwable cause = getCause();
            return cause == null ? this : cause;
        }
    }

    /** What a sink does. */
    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    private static void guarded(Work work) {
        try {
            work.run();
        } catch (Exception e) {
            throw new SinkFailedException(e);
        }
    }

    boolean isResumable() {
        return sink instanceof ResumableSink;
    }

    @Nullable
    ResumeToken position() {
        try {
            return sink instanceof ResumableSink resumable ? resumable.position() : null;
        } catch (Exception e) {
            throw new SinkFailedException(e);
        }
    }

    void snapshotBegins() {
        guarded(sink::snapshotBegins);
    }

    void snapshotRow(ChangedRow row) {
        guarded(() -> sink.snapshotRow(row));
    }

    void snapshotEnds(ResumeToken token) {
        guarded(() -> sink.snapshotEnds(token));
    }

    void event(FollowerEvent event) {
        guarded(() -> sink.event(event));
    }

    /**
     * Gives it a transaction.
     *
     * @throws ConnectionLostException for instance, why the changes could not be read to their end
     */
    void transaction(ReplicatedTransaction transaction) {
        Exception thrown = null;
        try {
            sink.transaction(transaction);
        } catch (Exception e) {
            thrown = e;
        }
        RuntimeException unread = transaction.failure();
        if (unread != null) {
            // Whatever the sink has made of it.
            throw unread;
        } else if (thrown != null) {
            throw new SinkFailedException(thrown);
        }
    }
}
