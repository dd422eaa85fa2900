package dev.howdah.sql;

import dev.howdah.type.TypeRegistry;

/**
 * What the text of SQL depends on: how the session reads strings, and which types it knows. A connection is one.
 *
 * @see <a href="https://www.postgresql.org/docs/current/runtime-config-compatible.html#GUC-STANDARD-CONFORMING-STRINGS">
 *     standard_conforming_strings</a>
 */
public interface SqlContext {

    /** PostgreSQL's own settings and types, for text made without a connection. */
    SqlContext DEFAULT = new SqlContext() {
        @Override
        public TypeRegistry types() {
            return TypeRegistry.global();
        }

        @Override
        public boolean standardConformingStrings() {
            return true;
        }
    };

    /** Returns the types whose codecs write literals. */
    TypeRegistry types();

    /** Returns whether a backslash in '...' is a character like any other, as it is unless the session has changed it. */
    boolean standardConformingStrings();
}
