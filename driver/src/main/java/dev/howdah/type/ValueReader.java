package dev.howdah.type;

import org.jspecify.annotations.Nullable;

/** How values of one PostgreSQL type are read as one Java class, in both forms. Its exceptions give reasons only. */
interface ValueReader<T> {

    T binary(byte[] bytes, int offset, int length);

    T text(String text);

    /** Returns what stands for SQL NULL. */
    default @Nullable T whenNull() {
        return null;
    }
}
