package dev.howdah.replication;

import dev.howdah.error.ProtocolException;
import dev.howdah.replication.Change.Delete;
import dev.howdah.replication.Change.Insert;
import dev.howdah.replication.Change.LogicalMessage;
import dev.howdah.replication.Change.Truncate;
import dev.howdah.replication.Change.Update;
import dev.howdah.type.Lsn;
import dev.howdah.wire.WireReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages about changes, behind their first byte and the ID of the transaction. Rows keep the array that is read.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">Message formats</a>
 */
final class ChangeReader {

    private static final int CASCADE = 1;
    private static final int RESTART_IDENTITY = 2;
    private static final int TRANSACTIONAL = 1;
    private static final int NEW = 'N';

    private final WireReader in;
    private final KnownRelations relations;

    ChangeReader(WireReader in, KnownRelations relations) {
        this.in = in;
        this.relations = relations;
    }

    /**
     * Reads a message about a change.
     *
     * @param type its first byte, one of I, U, D, T and M
     * @param block the transaction of the stream block, 0 if there is none
     */
    PgOutputMessage read(byte type, int block, long xid) {
        return switch (type) {
            case 'I' -> insert(block, xid);
            case 'U' -> update(block, xid);
            case 'D' -> delete(block, xid);
            case 'T' -> truncate(block, xid);
            case 'M' -> message(xid);
            default -> throw new IllegalArgumentException("the byte " + type + " begins no change");
        };
    }

    /**
     * Reads an Insert message.
     *
     * @param block the transaction of the stream block, 0 if there is none
     */
    private Insert insert(int block, long xid) {
        Relation relation = relation(block);
        ChangedRow row = newRow(relation, in.uint8());
        in.finish("it");
        return new Insert(xid, relation, row);
    }

    /** Reads an Update message; under the same conditions. */
    private Update update(int block, long xid) {
        Relation relation = relation(block);
        int letter = in.uint8();
        @Nullable ChangedRow before = null;
        if (letter != NEW) {
            before = oldRow(relation, letter);
            letter = in.uint8();
        }
        ChangedRow after = newRow(relation, letter);
        in.finish("it");
        return new Update(xid, relation, before, after);
    }

    /** Reads a Delete message; under the same conditions. */
    private Delete delete(int block, long xid) {
        Relation relation = relation(block);
        ChangedRow row = oldRow(relation, in.uint8());
        in.finish("it");
        return new Delete(xid, relation, row);
    }

    /** Reads a Truncate message; under the same conditions. */
    private Truncate truncate(int block, long xid) {
        int count = in.int32();
        int options = in.uint8();
        if (count < 0 || count > in.remaining() / Integer.BYTES) {
            throw new ProtocolException(
                    "it announces " + count + " tables but has only " + in.remaining() + " bytes for them");
        }
        List<Relation> truncated = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            truncated.add(relation(block));
        }
        in.finish("it");
        return new Truncate(xid, truncated, (options & CASCADE) != 0, (options & RESTART_IDENTITY) != 0);
    }

    /** Reads a Message message. */
    private LogicalMessage message(long xid) {
        boolean transactional = (in.int8() & TRANSACTIONAL) != 0;
        Lsn lsn = Lsn.of(in.int64());
        String prefix = in.cstring();
        int length = in.int32();
        int from = in.position();
        in.skip(length);
        in.finish("it");
        ByteBuffer content = ByteBuffer.wrap(in.array(), from, length).slice();
        return new LogicalMessage(xid, transactional, lsn, prefix, content);
    }

    private Relation relation(int block) {
        int oid = in.int32();
        Relation relation = relations.relation(block, oid);
        if (relation == null) {
            throw new ProtocolException(
                    "of its table with the OID " + Integer.toUnsignedString(oid) + " no message Relation has told");
        }
        return relation;
    }

    private ChangedRow newRow(Relation relation, int letter) {
        if (letter != NEW) {
            throw new ProtocolException("a new row begins with the byte " + letter + " in place of N");
        }
        return row(relation, ChangedRow.Kind.NEW);
    }

    private ChangedRow oldRow(Relation relation, int letter) {
        return switch (letter) {
            case 'K' -> row(relation, ChangedRow.Kind.KEY);
            case 'O' -> row(relation, ChangedRow.Kind.FULL);
            default -> throw new ProtocolException("an old row begins with the byte " + letter + " in place of K or O");
        };
    }

    private ChangedRow row(Relation relation, ChangedRow.Kind kind) {
        int count = in.uint16();
        if (count != relation.columns().size()) {
            throw new ProtocolException("its row has " + count + " columns where " + relation + " has "
                    + relation.columns().size());
        } else if (count > in.remaining()) {
            throw new ProtocolException(
                    "its row announces " + count + " columns but has only " + in.remaining() + " bytes for them");
        }
        int[] places = new int[count];
        for (int i = 0; i < count; i++) {
            places[i] = in.position();
            int letter = in.uint8();
            if (letter == ChangedRow.IS_TEXT || letter == ChangedRow.IS_BINARY) {
                in.skip(in.int32());
            } else if (letter != ChangedRow.IS_NULL && letter != ChangedRow.IS_UNCHANGED) {
                throw new ProtocolException(
                        "its column " + i + " begins with the byte " + letter + " in place of n, u, t or b");
            }
        }
        return new ChangedRow(relation, kind, in.array(), places);
    }
}
