package dev.howdah.benchmarks;

/**
 * How much of everything.
 *
 * @param keys rows of the table that W1 to W3 read
 * @param rows rows of the table that W4, W4c and W6 read, and that W6 writes
 * @param selects selects in one repetition of W1
 * @param laneSelects selects of each connection in one repetition of W2
 * @param pipelined selects in one repetition of W3
 * @param inserts rows in one repetition of W5
 * @param notifications notifications in one repetition of W7
 * @param pings notifications in one repetition of W7s
 * @param changes rows inserted before W8 and W8t, of those of the table that W4 reads
 * @param mebibytes how long the large object of W9, W9r and W9m is
 * @param connects connects in one repetition of W10
 * @param backup mebibytes of a table in the backups of W11 and W11t
 * @param log mebibytes of log in one repetition of W12
 * @param warmUps repetitions before the measured ones
 */
public record Sizes(
        int keys,
        int rows,
        int selects,
        int laneSelects,
        int pipelined,
        int inserts,
        int notifications,
        int pings,
        int changes,
        int mebibytes,
        int connects,
        int backup,
        int log,
        int warmUps) {

    private static final int MOST_OF_SERVER = 2;
    /** A repetition that takes a quarter of a second leaves the compiler much to do after a few, and after twenty. */
    private static final int TIMES_IF_SHORT = 12;

    /** What the published tables are made with. */
    public static final Sizes FULL = new Sizes(
            100_000, 1_000_000, 20_000, 5_000, 10_000, 100_000, 100_000, 5_000, 375_000, 256, 100, 1_024, 1_024, 5);

    /** Enough to see that everything works. */
    public static final Sizes QUICK = new Sizes(1_000, 2_000, 300, 30, 300, 1_000, 2_000, 30, 1_500, 4, 5, 8, 48, 1);

    /** How many repetitions there are before the measured ones. */
    public int warmUps(WorkloadId workload) {
        if (workload.isOfServer()) {
            return Math.min(warmUps, MOST_OF_SERVER);
        }
        return workload == WorkloadId.W7 ? TIMES_IF_SHORT * warmUps : warmUps;
    }

    /** How many operations one repetition has. */
    public int operations(WorkloadId workload) {
        return switch (workload) {
            case W1 -> selects;
            case W2 -> laneSelects * WorkloadId.LANES;
            case W3 -> pipelined;
            case W4, W4C, W6TI, W6BI, W6TO, W6BO, W6RI, W6RO -> rows;
            case W5 -> inserts;
            case W7 -> notifications;
            case W7S -> pings;
            case W8, W8T -> changes;
            case W9, W9R, W9M -> mebibytes;
            case W10 -> connects;
            case W11, W11T -> backup;
            case W12 -> log;
        };
    }
}
