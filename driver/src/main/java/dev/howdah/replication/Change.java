package dev.howdah.replication;

import dev.howdah.type.Lsn;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction has changed, whichever output plugin tells of it. All are immutable and may be kept.
 *
 * <p>Those that {@code pgoutput} has a message for are that message, too. There {@code xid} is the subtransaction's, or the
 * transaction's where there is none, if it stands within a stream block, and 0 elsewhere; other plugins always give 0.
 *
 * @see TransactionStream
 */
public sealed interface Change {

    /** A change of one row. */
    sealed interface RowChange extends Change, PgOutputMessage permits Insert, Update, Delete {

        /** Returns the (sub)transaction within a stream block, elsewhere 0. */
        long xid();

        /** Returns the table as it was then. */
        Relation relation();
    }

    /**
     * A row was inserted.
     *
     * @param xid the (sub)transaction within a stream block, elsewhere 0
     * @param relation the table as it was then
     * @param newRow the row
     */
    record Insert(long xid, Relation relation, ChangedRow newRow) implements RowChange {}

    /**
     * A row was updated.
     *
     * @param xid the (sub)transaction within a stream block, elsewhere 0
     * @param relation the table as it was then
     * @param oldRow the row before: with {@link ReplicaIdentity#FULL} whole; else its key, if that changed or is stored out
     *     of line; else null
     * @param newRow the row after
     */
    record Update(long xid, Relation relation, @Nullable ChangedRow oldRow, ChangedRow newRow) implements RowChange {

        /**
         * Returns the row after, with the columns that are {@link ColumnState#UNCHANGED} taken from the row before where
         * that has them: all, with {@link ReplicaIdentity#FULL}.
         */
        public ChangedRow filledRow() {
            return oldRow == null ? newRow : newRow.filledFrom(oldRow);
        }
    }

    /**
     * A row was deleted.
     *
     * @param xid the (sub)transaction within a stream block, elsewhere 0
     * @param relation the table as it was then
     * @param oldRow the row before, or its key
     */
    record Delete(long xid, Relation relation, ChangedRow oldRow) implements RowChange {}

    /**
     * Tables were emptied.
     *
     * @param xid the (sub)transaction within a stream block, elsewhere 0
     * @param relations the tables as they were then, those reached by CASCADE among them
     * @param cascade whether CASCADE was said
     * @param restartIdentity whether RESTART IDENTITY was said
     */
    record Truncate(long xid, List<Relation> relations, boolean cascade, boolean restartIdentity)
            implements Change, PgOutputMessage {

        /** Copies the list. */
        public Truncate {
            relations = List.copyOf(relations);
        }
    }

    /**
     * What a program wrote into the log with {@code pg_logical_emit_message}.
     *
     * @param xid the (sub)transaction within a stream block, elsewhere 0
     * @param transactional whether it belongs to the transaction it comes in; if not, it counts at once, comes between
     *     transactions, and stays even if whoever wrote it rolled back
     * @param lsn where it is logged
     * @param prefix what the program calls this sort of message
     * @param content the message; read-only, and the buffer's position is nobody else's
     * @see <a href="https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-REPLICATION">Replication
     *     functions</a>
     */
    record LogicalMessage(long xid, boolean transactional, Lsn lsn, String prefix, ByteBuffer content)
            implements Change, PgOutputMessage {

        /** Makes the buffer read-only. */
        public LogicalMessage {
            content = content.asReadOnlyBuffer();
        }

        @Override
        public ByteBuffer content() {
            return content.duplicate();
        }

        /** Returns the message read as UTF-8; what is not UTF-8 becomes U+FFFD. */
        public String text() {
            return StandardCharsets.UTF_8.decode(content()).toString();
        }
    }

    /**
     * A table is told of for the first time in a stream, or is not any more what it was: rows of it that follow have this relation.
     *
     * @param relation the table from now on
     * @param before what it was before; null if it was not known
     */
    record RelationChanged(Relation relation, @Nullable Relation before) implements Change {}
}
