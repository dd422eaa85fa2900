package dev.howdah.replication;

import org.jspecify.annotations.Nullable;

/** Where the tables of changes are looked up. */
@FunctionalInterface
interface KnownRelations {

    /**
     * Returns a table as a transaction sees it, null if it was never told.
     *
     * @param streamedIn the streamed transaction, 0 if it is none
     */
    @Nullable
    Relation relation(int streamedIn, int oid);
}
