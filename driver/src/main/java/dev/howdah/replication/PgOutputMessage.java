package dev.howdah.replication;

import dev.howdah.type.Lsn;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What {@code pgoutput} says, protocol 1 to 4, and what decoders of other plugins make of theirs. Messages are named as in
 * PostgreSQL's documentation. All are immutable and may be kept.
 *
 * <p>What another plugin does not tell, or was not asked for, is {@link Lsn#ZERO} for a place in the log, {@link
 * Instant#EPOCH} for a time, and 0 for an ID; the end of a transaction is then where its last message stands.
 *
 * <p>Transaction IDs ({@code xid}) are the server's 32 bits without sign, so 0 to 4,294,967,295. Of what stands within a
 * stream block, between {@link StreamStart} and {@link StreamStop}, {@code xid} is that of the subtransaction or, where
 * there is none, of the transaction; elsewhere it is 0, since there all belongs to the transaction begun last.
 *
 * <p>A normal transaction comes whole once it is committed: {@link Begin}, its changes, {@link Commit}. A large one may be
 * streamed while it still runs, in blocks that alternate with those of others; {@link StreamCommit} or {@link StreamAbort}
 * tells how it ended, the latter also of a subtransaction only. A prepared one comes when it is prepared, and its end by
 * {@link CommitPrepared} or {@link RollbackPrepared}, which may come of one that was never seen.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-logical-replication.html">Logical streaming replication
 *     protocol</a>
 * @see <a href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">Message formats</a>
 */
public sealed interface PgOutputMessage
        permits Change.RowChange,
                Change.Truncate,
                Change.LogicalMessage,
                PgOutputMessage.Begin,
                PgOutputMessage.Commit,
                PgOutputMessage.Origin,
                PgOutputMessage.RelationMessage,
                PgOutputMessage.TypeMessage,
                PgOutputMessage.StreamStart,
                PgOutputMessage.StreamStop,
                PgOutputMessage.StreamCommit,
                PgOutputMessage.StreamAbort,
                PgOutputMessage.BeginPrepare,
                PgOutputMessage.Prepare,
                PgOutputMessage.CommitPrepared,
                PgOutputMessage.RollbackPrepared,
                PgOutputMessage.StreamPrepare,
                PgOutputMessage.Unknown {

    /**
     * A transaction begins, which has been committed.
     *
     * @param finalLsn where its commit is logged; {@link Lsn#ZERO} if that is not told
     * @param commitTime when it was committed; {@link Instant#EPOCH} if that is not told
     * @param xid its ID; 0 if that is not told
     */
    record Begin(Lsn finalLsn, Instant commitTime, long xid) implements PgOutputMessage {}

    /**
     * A transaction is complete.
     *
     * @param commitLsn where its commit is logged; {@link Lsn#ZERO} if that is not told
     * @param endLsn where the log goes on after it; whoever has stored the transaction confirms this
     * @param commitTime when it was committed; {@link Instant#EPOCH} if that is not told
     */
    record Commit(Lsn commitLsn, Lsn endLsn, Instant commitTime) implements PgOutputMessage {}

    /**
     * Where the transaction that just began comes from, if this server got it by replication itself.
     *
     * @param commitLsn where its commit is logged there; {@link Lsn#ZERO} within a stream block and if it is not told
     * @param name the name of the origin; of {@code wal2json} its number, in digits
     * @see <a href="https://www.postgresql.org/docs/current/replication-origins.html">Replication progress tracking</a>
     */
    record Origin(Lsn commitLsn, String name) implements PgOutputMessage {}

    /**
     * A table as it is for the rows that follow, until this is said again. It may be just what is known.
     *
     * @param xid the (sub)transaction within a stream block, elsewhere 0
     * @param relation the table; the object of before if nothing about it has changed
     */
    record RelationMessage(long xid, Relation relation) implements PgOutputMessage {}

    /**
     * The name of a type that is not PostgreSQL's own. It comes before the table that has a column of it, and is known to
     * {@link Relation.Column#toldType}.
     *
     * @param xid the (sub)transaction within a stream block, elsewhere 0
     * @param oid the type's OID, 32 bits without sign
     * @param name its name; of a domain that of the type below
     */
    record TypeMessage(long xid, long oid, Relation.TypeName name) implements PgOutputMessage {}

    /**
     * A block begins of a transaction that still runs.
     *
     * @param xid the transaction, never a subtransaction; 0 if that is not told
     * @param firstSegment whether it is the first of the transaction
     */
    record StreamStart(long xid, boolean firstSegment) implements PgOutputMessage {}

    /** A block ends. */
    record StreamStop() implements PgOutputMessage {}

    /**
     * A streamed transaction was committed.
     *
     * @param xid the transaction; 0 if that is not told
     * @param commitLsn where its commit is logged; {@link Lsn#ZERO} if that is not told
     * @param endLsn where the log goes on after it; whoever has stored the transaction confirms this
     * @param commitTime when it was committed; {@link Instant#EPOCH} if that is not told
     */
    record StreamCommit(long xid, Lsn commitLsn, Lsn endLsn, Instant commitTime) implements PgOutputMessage {}

    /**
     * A streamed transaction was rolled back, or a subtransaction of it; what had come of it is void. Some servers send
     * this of transactions too of which nothing came.
     *
     * @param xid the transaction
     * @param subxid the subtransaction, or the transaction if that was rolled back as a whole
     * @param abortLsn where that is logged; null unless {@code streaming} is {@code parallel}
     * @param abortTime when it was rolled back; null unless {@code streaming} is {@code parallel}
     */
    record StreamAbort(
            long xid,
            long subxid,
            @Nullable Lsn abortLsn,
            @Nullable Instant abortTime) implements PgOutputMessage {

        /** Returns whether the transaction was rolled back as a whole. */
        public boolean isWhole() {
            return xid == subxid;
        }
    }

    /**
     * A transaction begins, which has been prepared.
     *
     * @param prepareLsn where its PREPARE TRANSACTION is logged; {@link Lsn#ZERO} if that is not told
     * @param endLsn where the log goes on after that
     * @param prepareTime when it was prepared; {@link Instant#EPOCH} if that is not told
     * @param xid its ID
     * @param gid its name
     */
    record BeginPrepare(Lsn prepareLsn, Lsn endLsn, Instant prepareTime, long xid, String gid)
            implements PgOutputMessage {}

    /**
     * A prepared transaction is complete.
     *
     * @param prepareLsn where its PREPARE TRANSACTION is logged; {@link Lsn#ZERO} if that is not told
     * @param endLsn where the log goes on after that; whoever has stored the transaction confirms this
     * @param prepareTime when it was prepared; {@link Instant#EPOCH} if that is not told
     * @param xid its ID
     * @param gid its name
     */
    record Prepare(Lsn prepareLsn, Lsn endLsn, Instant prepareTime, long xid, String gid) implements PgOutputMessage {}

    /**
     * A prepared transaction was committed; it may be one that never came.
     *
     * @param commitLsn where that is logged; {@link Lsn#ZERO} if that is not told
     * @param endLsn where the log goes on after that
     * @param commitTime when it was committed; {@link Instant#EPOCH} if that is not told
     * @param xid the transaction; 0 if that is not told
     * @param gid its name
     */
    record CommitPrepared(Lsn commitLsn, Lsn endLsn, Instant commitTime, long xid, String gid)
            implements PgOutputMessage {}

    /**
     * A prepared transaction was rolled back; it may be one that never came.
     *
     * @param prepareEndLsn where the log went on after its PREPARE TRANSACTION; {@link Lsn#ZERO} if that is not told
     * @param rollbackEndLsn where the log goes on after the rollback
     * @param prepareTime when it was prepared; {@link Instant#EPOCH} if that is not told
     * @param rollbackTime when it was rolled back; {@link Instant#EPOCH} if that is not told
     * @param xid the transaction
     * @param gid its name
     */
    record RollbackPrepared(
            Lsn prepareEndLsn, Lsn rollbackEndLsn, Instant prepareTime, Instant rollbackTime, long xid, String gid)
            implements PgOutputMessage {}

    /**
     * A streamed transaction was prepared.
     *
     * @param prepareLsn where its PREPARE TRANSACTION is logged; {@link Lsn#ZERO} if that is not told
     * @param endLsn where the log goes on after that; whoever has stored the transaction confirms this
     * @param prepareTime when it was prepared; {@link Instant#EPOCH} if that is not told
     * @param xid the transaction
     * @param gid its name
     */
    record StreamPrepare(Lsn prepareLsn, Lsn endLsn, Instant prepareTime, long xid, String gid)
            implements PgOutputMessage {}

    /**
     * A message of a kind that is not known here, as a later protocol may bring.
     *
     * @param type its first byte
     * @param content what follows; read-only, and the buffer's position is nobody else's
     */
    record Unknown(byte type, ByteBuffer content) implements PgOutputMessage {

        /** Makes the buffer read-only. */
        public Unknown {
            content = content.asReadOnlyBuffer();
        }

        @Override
        public ByteBuffer content() {
            return content.duplicate();
        }
    }
}
