package dev.howdah.benchmarks;

import java.util.Arrays;

/** The time that each operation of a repetition took. Each index is written by one thread. */
public final class Latencies {

    private final long[] nanos;

    /** Room for so many operations. */
    public Latencies(int count) {
        nanos = new long[count];
    }

    /** Operation number {@code index} took this long, in nanoseconds. */
    public void set(int index, long nanos) {
        this.nanos[index] = nanos;
    }

    /** The time that this part (0 to 1) of all operations did not exceed, in nanoseconds; 0 when there are none. */
    long quantile(double part) {
        if (nanos.length == 0) {
            return 0;
        }
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(part * sorted.length))];
    }
}
