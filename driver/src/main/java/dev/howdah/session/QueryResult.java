package dev.howdah.session;

import dev.howdah.message.CommandComplete;
import org.jspecify.annotations.Nullable;

/**
 * What one statement yielded.
 *
 * @param shape its columns, or null if it has no result set
 * @param rows its rows, empty if there are none
 * @param command how it ended, or null if the text was empty
 */
public record QueryResult(
        @Nullable RowShape shape, RowBuffer rows, @Nullable CommandComplete command) {}
