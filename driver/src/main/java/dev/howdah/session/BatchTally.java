package dev.howdah.session;

import org.jspecify.annotations.Nullable;

/** Counts what the sets of a batch have yielded, since its beginning or since a page of it was taken away. */
final class BatchTally {

    private RunLengths counts = new RunLengths();
    private @Nullable RunLengths rowCounts = new RunLengths();
    private long total;
    private int completed;
    private int countedRows;

    /**
     * Counts one run of the statement.
     *
     * @param sets how many sets it was for
     * @param affected how many rows it returned or affected, -1 if the server did not say
     * @param rows how many rows have come since the last page, its own included
     * @param rowEach whether it makes one row of each set, or none
     */
    void complete(int sets, long affected, int rows, boolean rowEach) {
        completed += sets;
        total += Math.max(0, affected);
        int own = rows - countedRows;
        countedRows = rows;
        if (sets == 1) {
            counts.add(affected, 1);
            countRows(own, 1);
        } else if (rowEach && affected == sets) {
            counts.add(1, sets);
            countRows(own == sets ? 1 : own == 0 ? 0 : -1, sets);
        } else {
            counts.add(-1, sets);
            countRows(own == 0 ? 0 : -1, sets);
        }
    }

    /** Notes how many rows belong to each of the sets; -1 says that this is not known. */
    private void countRows(int each, int sets) {
        if (rowCounts != null && each >= 0) {
            rowCounts.add(each, sets);
        } else {
            rowCounts = null;
        }
    }

    /** Returns how many sets the server has run. */
    int completed() {
        return completed;
    }

    /** Returns how many of them are not in a page that was taken. */
    int pending() {
        return counts.size();
    }

    /** Returns how many of the rows belong to sets that have been counted. */
    int countedRows() {
        return countedRows;
    }

    /** Returns what was counted. */
    BatchOutcome outcome(@Nullable RowShape shape, RowBuffer rows) {
        return new BatchOutcome(counts, rowCounts, total, shape, rows);
    }

    /** Begins a new page. */
    void nextPage() {
        counts = new RunLengths();
        rowCounts = new RunLengths();
        total = 0;
        countedRows = 0;
    }
}
