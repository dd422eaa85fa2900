package dev.howdah;

import dev.howdah.session.BatchOutcome;

/** What {@code executeMany} yielded. Immutable and safe for several threads. */
public final class BatchResult {

    private final BatchOutcome result;
    private final long total;

    BatchResult(BatchOutcome result) {
        this.result = result;
        long sum = 0;
        for (int i = 0; i < result.size(); i++) {
            sum += Math.max(0, result.count(i));
        }
        this.total = sum;
    }

    /** Returns how many sets of parameters there were. */
    public int size() {
        return result.size();
    }

    /** Returns how many rows were returned or affected in all. */
    public long rowCount() {
        return total;
    }

    /** Returns how many rows one set of parameters, counted from 0, returned or affected; -1 if the command says nothing. */
    public long rowCount(int set) {
        return result.count(set);
    }

    /** Returns whether the statement has a result set, be it empty. */
    boolean hasRows() {
        return result.shape() != null;
    }

    /** Returns what RETURNING gave, of all sets in order; none without it. */
    public Rows rows() {
        return new Rows(result.shape(), result.rows(), "");
    }
}
