package dev.howdah.sql;

import org.jspecify.annotations.Nullable;

/** What {@link Sql} consists of, one after another. */
sealed interface SqlPart {

    /** SQL as it is; a comment to the end of the line may be open at its end. */
    record Text(String sql, boolean openComment) implements SqlPart {}

    /** {@code $n} as the user wrote it. */
    record Numbered(int number) implements SqlPart {}

    /** {@code {}}, {@code {0}} or {@code {name}}; the name is null and the index -1 where they are not given. */
    record Slot(@Nullable String name, int index) implements SqlPart {
        @Override
        public String toString() {
            return "{" + (name != null ? name : index < 0 ? "" : Integer.toString(index)) + "}";
        }
    }

    /** A piece other than Sql, which is taken apart. */
    record Piece(Composable piece) implements SqlPart {}

    /** A named placeholder with its value. The places that were bound together hold one and the same object. */
    record Given(String name, @Nullable Object value) implements SqlPart {
        @Override
        public String toString() {
            return ":" + name;
        }
    }
}
