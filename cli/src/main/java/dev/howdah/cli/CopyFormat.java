package dev.howdah.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The formats of COPY. The names are what the user types, and what the server is told. */
enum CopyFormat {
    /** Comma-separated values. */
    csv,
    /** PostgreSQL's own: a line a row, tabs between the values, {@code \N} for NULL. */
    text,
    /** Values as the server sends them in binary. */
    binary;

    /**
     * The format that a file's name speaks of; csv if it speaks of none.
     *
     * @param file the name; null for standard input or output
     */
    static CopyFormat of(@Nullable String file) {
        String name = file == null ? "" : file.toLowerCase(Locale.ROOT);
        if (name.endsWith(".txt") || name.endsWith(".tsv")) {
            return text;
        }
        return name.endsWith(".bin") || name.endsWith(".pgcopy") ? binary : csv;
    }
}
