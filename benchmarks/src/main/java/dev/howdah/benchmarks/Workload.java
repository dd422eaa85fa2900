package dev.howdah.benchmarks;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One workload of one client, with its connections open. For one thread. */
public interface Workload extends AutoCloseable {

    /** Makes what one repetition of this many operations needs, before it; not measured. */
    default void prepare(int count) {}

    /**
     * Does one repetition; all of it is measured.
     *
     * @param count how many operations
     * @param round which repetition it is; selects read other keys in each
     * @param latencies takes the time of each operation, where the workload has such
     */
    Answer run(int count, int round, Latencies latencies) throws Exception;

    @Override
    void close() throws Exception;

    /**
     * What one repetition read.
     *
     * @param tally sums over all that was read, to be held against the server's own
     * @param held what the user would have in hand now: stays in memory while memory is measured, and is closed after that if it can be
     */
    record Answer(String tally, @Nullable Object held) {

        /** An answer that keeps nothing in memory. */
        public static Answer of(Object tally) {
            return new Answer(tally.toString(), null);
        }
    }

    /** Counts connections that have a server process of their own. */
    static void countBackend(AtomicInteger count, int pid) {
        if (pid <= 0) {
            throw new IllegalStateException("connected, but to no server process: " + pid);
        }
        count.incrementAndGet();
    }
}
