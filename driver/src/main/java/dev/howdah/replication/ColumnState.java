package dev.howdah.replication;

/**
 * What is known of a column of a {@link ChangedRow}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html#PROTOCOL-LOGICALREP-MESSAGE-FORMATS-TUPLEDATA">TupleData</a>
 */
public enum ColumnState {
    /** There is a value, not NULL. */
    VALUE,
    /** The value is SQL NULL. */
    NULL,
    /**
     * The update left the value as it was, and the server did not send it since it is stored out of line (TOAST). It is
     * not NULL. With a replica identity that has the column, the old row has it: see {@link
     * Change.Update#filledRow}.
     */
    UNCHANGED,
    /**
     * Nothing is known: an old row was reduced to the columns of its replica identity, and this is none of them; or the output
     * plugin did not tell it, as {@code test_decoding} and {@code wal2json} do not tell the NULLs of old rows.
     */
    ABSENT
}
