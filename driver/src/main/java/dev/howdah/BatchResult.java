package dev.howdah;

import dev.howdah.session.BatchOutcome;

/** What a batch, or a page of one, yielded. Immutable and safe for several threads. */
public final class BatchResult {

    private final BatchOutcome result;

    BatchResult(BatchOutcome result) {
        this.result = result;
    }

    /** Returns how many sets of parameters, or rows given, there were. */
    public int size() {
        return result.size();
    }

    /** Returns how many rows were returned or affected in all. */
    public long rowCount() {
        return result.total();
    }

    /**
     * Returns how many rows one set of parameters, counted from 0, returned or affected; -1 if the command says nothing, or
     * if several sets were run as one statement and it is not known.
     */
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

    /**
     * Returns what RETURNING gave for one set of parameters, counted from 0; none without it.
     *
     * @throws IllegalStateException if several sets were run as one statement and it is not known
     */
    public Rows rows(int set) {
        return new Rows(result.shape(), result.rows(set), "");
    }
}
