package dev.howdah.type;

import org.jspecify.annotations.Nullable;

/** How values that are made of values of other types are read and written: ranges, multiranges and row types. */
interface Structure {

    /** Returns whether all that the values are made of is read in the binary form. */
    boolean binary();

    /** Returns whether all that the values are made of is written in the binary form. */
    boolean writesBinary();

    /** Returns whether anonymous records are part of it, of which each value says anew what it is made of. */
    boolean open();

    /** Returns the class of the values that {@link #standard} makes. */
    Class<?> defaultType();

    ValueReader<?> standard();

    /** Returns the reader for a class, null if the values are never read so. */
    @Nullable
    ValueReader<?> reader(Class<?> wanted);

    ValueEncoding encoding();
}
