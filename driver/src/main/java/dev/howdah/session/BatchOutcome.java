package dev.howdah.session;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a batch, or a page of it, yielded. Immutable. */
public final class BatchOutcome {

    private final RunLengths counts;
    private final @Nullable RunLengths rowCounts;
    private final long total;
    private final @Nullable RowShape shape;
    private final RowBuffer rows;

    /**
     * Takes everything over.
     *
     * @param counts what the server said of each set
     * @param rowCounts how many of the rows belong to each set, or null if that is not known
     * @param total how many rows were returned or affected in all
     */
    BatchOutcome(
            RunLengths counts, @Nullable RunLengths rowCounts, long total, @Nullable RowShape shape, RowBuffer rows) {
        this.counts = counts;
        this.rowCounts = rowCounts;
        this.total = total;
        this.shape = shape;
        this.rows = rows;
    }

    /** Returns what a batch without any set yields. */
    public static BatchOutcome none() {
        return new BatchOutcome(new RunLengths(), new RunLengths(), 0, null, new RowBuffer());
    }

    /** Returns how many sets of parameters there were. */
    public int size() {
        return counts.size();
    }

    /** Returns how many rows a set, counted from 0, returned or affected; -1 if the server says nothing of that. */
    public long count(int set) {
        return counts.get(set);
    }

    /** Returns how many rows all sets returned or affected. */
    public long total() {
        return total;
    }

    /** Returns the columns of what RETURNING gave, or null. */
    public @Nullable RowShape shape() {
        return shape;
    }

    /** Returns the rows that RETURNING gave, of all sets in order. */
    public RowBuffer rows() {
        return rows;
    }

    /**
     * Returns the rows of one set.
     *
     * @throws IllegalStateException if it is not known which those are
     */
    public RowBuffer rows(int set) {
        Objects.checkIndex(set, size());
        if (shape == null) {
            return rows;
        }
        if (rowCounts == null) {
            throw new IllegalStateException(
                    "several sets were run as one statement, and the server does not say which rows"
                            + " belong to which; BatchMode.PIPELINED runs each by itself");
        }
        int first = (int) rowCounts.sumBefore(set);
        return rows.slice(first, first + (int) rowCounts.get(set));
    }
}
