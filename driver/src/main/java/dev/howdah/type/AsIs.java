package dev.howdah.type;

import java.util.Objects;

/**
 * SQL text that is used as it is. See {@link SqlQuote} for what is sent.
 *
 * @param quoted the text, with its quotes if it needs any
 */
public record AsIs(String quoted) implements SqlQuote {

    /** Takes the text. */
    public AsIs {
        Objects.requireNonNull(quoted, "quoted");
    }

    /** {@return the text} */
    @Override
    public String toString() {
        return quoted;
    }
}
