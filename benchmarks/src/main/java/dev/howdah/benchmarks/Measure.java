package dev.howdah.benchmarks;

/**
 * What one repetition took.
 *
 * @param operations how many operations it had
 * @param nanos wall-clock time
 * @param cpuNanos CPU time of the client's process, user and system
 * @param p50 median time of one operation in nanoseconds; 0 when not measured
 * @param p99 time that 99 of 100 operations did not exceed
 * @param peakResident the most real memory the process has had, in bytes
 * @param peakHeap the largest heap with garbage, in bytes
 * @param heldHeap what the result itself takes of the heap, in bytes
 * @param tally sums over what was read
 */
record Measure(
        int operations,
        long nanos,
        long cpuNanos,
        long p50,
        long p99,
        long peakResident,
        long peakHeap,
        long heldHeap,
        String tally) {

    double perSecond() {
        return operations * 1e9 / nanos;
    }

    double cpuMicros() {
        return cpuNanos / 1e3 / operations;
    }

    String line() {
        return operations + " " + nanos + " " + cpuNanos + " " + p50 + " " + p99 + " " + peakResident + " " + peakHeap
                + " " + heldHeap + " " + tally;
    }

    static Measure parse(String line) {
        String[] words = line.split(" ", 9);
        return new Measure(
                Integer.parseInt(words[0]),
                Long.parseLong(words[1]),
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                Long.parseLong(words[4]),
                Long.parseLong(words[5]),
                Long.parseLong(words[6]),
                Long.parseLong(words[7]),
                words[8]);
    }
}
