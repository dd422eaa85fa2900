package dev.howdah.session;

import org.jspecify.annotations.Nullable;

/**
 * What a batch yielded.
 *
 * @param counts how many rows each set of parameters affected, in order; only the first {@code size} count
 * @param size how many sets of parameters there were
 * @param shape the columns of what RETURNING gave, or null
 * @param rows the rows that RETURNING gave, of all sets in order
 */
public record BatchOutcome(long[] counts, int size, @Nullable RowShape shape, RowBuffer rows) {}
