package dev.howdah.replication;

import dev.howdah.error.ProtocolException;
import dev.howdah.type.TypeRegistry;
import dev.howdah.wire.WireReader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of {@code pgoutput}, protocol 1 to 4: bytes in, a {@link PgOutputMessage} out. It neither reads from
 * anywhere nor waits, and is not safe for several threads; what it returns is.
 *
 * <p>Messages do not stand alone: rows say only the OID of their table, of which the server has told before. So a decoder
 * is for one stream, gets all its messages in their order, and a new stream needs a new one. That of {@code
 * pg_logical_slot_get_binary_changes} and its like is one stream for each call. It checks no more of the order than it has
 * to know itself: where stream blocks begin and end, and that a table was told of before its rows.
 *
 * <p>What the server says against the rules is a {@link ProtocolException}, which names the message and says what is wrong.
 * Nothing is allocated for what a message only promises. The decoder is then as it was before that message.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-logical-replication.html">Logical streaming replication
 *     protocol</a>
 */
public final class PgOutputDecoder implements ChangeDecoder {

    /** So much memory, in bytes, may be taken by what a server tells of tables and types, unless another limit is set. */
    public static final long DEFAULT_MAX_RELATION_BYTES = 256L << 20;

    private static final String WITHIN_BLOCKS = "RYIUDTMOE";

    private final WireReader in = new WireReader();
    private final RelationCache relations;
    private final RelationReader relationReader;
    private final ChangeReader changes;
    private final TransactionReader transactions;
    /** The transaction of the stream block that is open, 0 if none is. */
    private int block;

    /**
     * Makes a decoder for a stream of which {@code streaming} is not {@code parallel}.
     *
     * @param types what is known of types, such as {@code types()} of a connection to the same database, or {@code
     *     TypeRegistry.global().child()} for PostgreSQL's own types only; what comes to be known later counts, too
     */
    public PgOutputDecoder(TypeRegistry types) {
        this(types, false);
    }

    /**
     * Makes a decoder.
     *
     * @param types what is known of types, such as {@code types()} of a connection to the same database, or {@code
     *     TypeRegistry.global().child()} for PostgreSQL's own types only; what comes to be known later counts, too
     * @param streamingParallel whether the plugin was told {@code streaming 'parallel'}, on which the form of {@link
     *     PgOutputMessage.StreamAbort} depends
     */
    public PgOutputDecoder(TypeRegistry types, boolean streamingParallel) {
        this(types, streamingParallel, DEFAULT_MAX_RELATION_BYTES);
    }

    /**
     * Makes a decoder with a limit of your own.
     *
     * @param types what is known of types, such as {@code types()} of a connection to the same database, or {@code
     *     TypeRegistry.global().child()} for PostgreSQL's own types only; what comes to be known later counts, too
     * @param streamingParallel whether the plugin was told {@code streaming 'parallel'}, on which the form of {@link
     *     PgOutputMessage.StreamAbort} depends
     * @param maxRelationBytes how much memory may be taken by what the server tells of tables and types, in bytes; a table
     *     of 20 columns takes about 4,000
     */
    public PgOutputDecoder(TypeRegistry types, boolean streamingParallel, long maxRelationBytes) {
        if (maxRelationBytes < 0) {
            throw new IllegalArgumentException("the limit of " + maxRelationBytes + " bytes is negative");
        }
        this.relations = new RelationCache(maxRelationBytes);
        this.relationReader = new RelationReader(in, relations, types);
        this.changes = new ChangeReader(in, relations);
        this.transactions = new TransactionReader(in, streamingParallel);
    }

    /**
     * Reads one message.
     *
     * @param payload the message from the buffer's position to its limit, and nothing else; copied, and its position is not
     *     moved
     * @return never null
     * @throws ProtocolException if the server says what it must not
     */
    public PgOutputMessage decode(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(payload.position(), bytes);
        return take(bytes);
    }

    /**
     * Reads one message.
     *
     * @param payload an array that holds the message; copied
     * @param offset where the message begins
     * @param length how many bytes it has
     * @return never null
     * @throws ProtocolException if the server says what it must not
     */
    public PgOutputMessage decode(byte[] payload, int offset, int length) {
        return take(Arrays.copyOfRange(payload, offset, offset + length));
    }

    /** Reads one message of a stream, and passes on the one thing that it tells. */
    @Override
    public void decode(ReplicationMessage message, Consumer<? super PgOutputMessage> to) {
        to.accept(take(message.payload()));
    }

    /** Reads one message from an array that nobody else changes from now on. */
    PgOutputMessage take(byte[] payload) {
        if (payload.length == 0) {
            throw new ProtocolException("a message of pgoutput has no bytes");
        }
        in.over(payload, 0, payload.length);
        byte type = in.int8();
        String name = name(type);
        if (name == null) {
            return new PgOutputMessage.Unknown(
                    type, ByteBuffer.wrap(payload, 1, payload.length - 1).slice());
        }
        try {
            return read(type);
        } catch (ProtocolException e) {
            throw new ProtocolException("pgoutput's message " + name + ": " + e.getMessage(), e.delivery(), e);
        }
    }

    private static @Nullable String name(byte type) {
        return switch (type) {
            case 'B' -> "Begin";
            case 'C' -> "Commit";
            case 'O' -> "Origin";
            case 'R' -> "Relation";
            case 'Y' -> "Type";
            case 'I' -> "Insert";
            case 'U' -> "Update";
            case 'D' -> "Delete";
            case 'T' -> "Truncate";
            case 'M' -> "Message";
            case 'S' -> "Stream Start";
            case 'E' -> "Stream Stop";
            case 'c' -> "Stream Commit";
            case 'A' -> "Stream Abort";
            case 'b' -> "Begin Prepare";
            case 'P' -> "Prepare";
            case 'K' -> "Commit Prepared";
            case 'r' -> "Rollback Prepared";
            case 'p' -> "Stream Prepare";
            default -> null;
        };
    }

    private PgOutputMessage read(byte type) {
        if (block != 0 && WITHIN_BLOCKS.indexOf(type) < 0) {
            throw new ProtocolException("it must not stand within a stream block");
        }
        return switch (type) {
            case 'B' -> transactions.begin();
            case 'C' -> transactions.commit();
            case 'O' -> transactions.origin();
            case 'R' -> relationReader.relation(block, xid());
            case 'Y' -> relationReader.type(block, xid());
            case 'I', 'U', 'D', 'T', 'M' -> changes.read(type, block, xid());
            case 'S' -> start();
            case 'E' -> stop();
            case 'c' -> streamCommit();
            case 'A' -> streamAbort();
            case 'b' -> transactions.beginPrepare();
            case 'P' -> transactions.prepare();
            case 'K' -> transactions.commitPrepared();
            case 'r' -> transactions.rollbackPrepared();
            case 'p' -> streamPrepare();
            default -> throw new IllegalStateException("a message has a name and no reader");
        };
    }

    /** Within a block, what changes something tells the (sub)transaction that does. */
    private long xid() {
        return block == 0 ? 0 : in.uint32();
    }

    private PgOutputMessage start() {
        PgOutputMessage.StreamStart start = transactions.streamStart();
        if (start.xid() == 0) {
            throw new ProtocolException("its transaction has the ID 0, which none has");
        }
        block = (int) start.xid();
        return start;
    }

    private PgOutputMessage stop() {
        in.finish("it");
        if (block == 0) {
            throw new ProtocolException("no stream block is open");
        }
        block = 0;
        return new PgOutputMessage.StreamStop();
    }

    private PgOutputMessage streamCommit() {
        PgOutputMessage.StreamCommit commit = transactions.streamCommit();
        relations.merge((int) commit.xid());
        return commit;
    }

    private PgOutputMessage streamPrepare() {
        PgOutputMessage.StreamPrepare prepare = transactions.streamPrepare();
        relations.merge((int) prepare.xid());
        return prepare;
    }

    /** The server forgets what it told in the transaction, even if but a subtransaction was rolled back. */
    private PgOutputMessage streamAbort() {
        PgOutputMessage.StreamAbort abort = transactions.streamAbort();
        relations.drop((int) abort.xid());
        return abort;
    }
}
