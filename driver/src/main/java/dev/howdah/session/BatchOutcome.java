package dev.howdah.session;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a batch yielded. Immutable. */
public final class BatchOutcome {

    private final long[] counts;
    private final int size;
    private final @Nullable RowShape shape;
    private final RowBuffer rows;

    /** Takes the counts over: the first {@code size} of them are meant. */
    BatchOutcome(long[] counts, int size, @Nullable RowShape shape, RowBuffer rows) {
        this.counts = counts;
        this.size = size;
        this.shape = shape;
        this.rows = rows;
    }

    /** Returns how many sets of parameters there were. */
    public int size() {
        return size;
    }

    /** Returns how many rows a set, counted from 0, returned or affected; -1 if the command says nothing of that. */
    public long count(int set) {
        return counts[Objects.checkIndex(set, size)];
    }

    /** Returns the columns of what RETURNING gave, or null. */
    public @Nullable RowShape shape() {
        return shape;
    }

    /** Returns the rows that RETURNING gave, of all sets in order. */
    public RowBuffer rows() {
        return rows;
    }
}
