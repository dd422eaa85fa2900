package dev.howdah.session;

import java.util.Arrays;
import java.util.Objects;

/** Numbers in order, kept run by run, so that a million equal ones need no more memory than one. Not safe for several threads. */
final class RunLengths {

    /** For every so many runs the sum before them is kept. */
    private static final int STRIDE = 64;

    /** Where each run ends, the end itself excluded. */
    private int[] ends = new int[2];

    private long[] values = new long[2];
    private long[] sums = new long[1];
    private int runs;
    private int size;
    private long sum;

    /** Adds a number so many times, at least once. */
    void add(long value, int times) {
        if (runs > 0 && values[runs - 1] == value) {
            ends[runs - 1] = Math.addExact(size, times);
        } else {
            addRun(value, Math.addExact(size, times));
        }
        size += times;
        sum += Math.max(0, value) * times;
    }

    private void addRun(long value, int end) {
        if (runs == ends.length) {
            ends = Arrays.copyOf(ends, runs * 2);
            values = Arrays.copyOf(values, runs * 2);
        }
        if (runs % STRIDE == 0) {
            if (runs / STRIDE == sums.length) {
                sums = Arrays.copyOf(sums, sums.length * 2);
            }
            sums[runs / STRIDE] = sum;
        }
        ends[runs] = end;
        values[runs++] = value;
    }

    /** Returns how many numbers there are. */
    int size() {
        return size;
    }

    /** Returns how many runs they make. */
    int runs() {
        return runs;
    }

    /** Returns a number, counted from 0. */
    long get(int index) {
        return values[run(Objects.checkIndex(index, size))];
    }

    /** Returns the sum of the numbers before one; those below 0 do not count. */
    long sumBefore(int index) {
        int run = run(Objects.checkIndex(index, size));
        long before = sums[run / STRIDE];
        for (int i = run / STRIDE * STRIDE; i < run; i++) {
            before += Math.max(0, values[i]) * (ends[i] - begin(i));
        }
        return before + Math.max(0, values[run]) * (index - begin(run));
    }

    private int begin(int run) {
        return run == 0 ? 0 : ends[run - 1];
    }

    private int run(int index) {
        int found = Arrays.binarySearch(ends, 0, runs, index + 1);
        return found >= 0 ? found : -found - 1;
    }
}
