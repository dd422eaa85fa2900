package dev.howdah.replication;

import dev.howdah.error.ProtocolException;
import dev.howdah.replication.PgOutputMessage.RelationMessage;
import dev.howdah.replication.PgOutputMessage.TypeMessage;
import dev.howdah.type.BuiltinTypes;
import dev.howdah.type.TypeRegistry;
import dev.howdah.wire.WireReader;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what the server tells of tables and types, behind the first byte, and keeps it.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">Message formats</a>
 */
final class RelationReader {

    /** The fewest bytes that a column takes: flags, an empty name, type and modifier. */
    private static final int LEAST = 1 + 1 + Integer.BYTES + Integer.BYTES;

    private static final int KEY = 1;

    /** About so much memory is taken by something kept, and by each column of it, beside its names. */
    private static final int OVERHEAD = 200;

    private final WireReader in;
    private final RelationCache relations;
    private final TypeRegistry types;

    RelationReader(WireReader in, RelationCache relations, TypeRegistry types) {
        this.in = in;
        this.relations = relations;
        this.types = types;
    }

    /**
     * Reads a Relation message.
     *
     * @param block the transaction of the stream block, 0 if there is none
     */
    RelationMessage relation(int block, long xid) {
        long size = in.remaining();
        int oid = in.int32();
        String schema = schema();
        String name = in.cstring();
        ReplicaIdentity identity = ReplicaIdentity.of(in.uint8());
        int count = in.uint16();
        if (count > in.remaining() / LEAST) {
            throw new ProtocolException(
                    "it announces " + count + " columns but has only " + in.remaining() + " bytes for them");
        }
        List<Relation.Column> columns = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            columns.add(column(block));
        }
        in.finish("it");
        Relation relation = new Relation(oid, schema, name, identity, columns, types);
        return new RelationMessage(xid, relations.keep(block, oid, relation, size + OVERHEAD * (count + 1L)));
    }

    private Relation.Column column(int block) {
        boolean key = (in.int8() & KEY) != 0;
        String name = in.cstring();
        int type = in.int32();
        return new Relation.Column(name, Integer.toUnsignedLong(type), relations.type(block, type), in.int32(), key);
    }

    /** Reads a Type message; under the same conditions. */
    TypeMessage type(int block, long xid) {
        long size = in.remaining();
        int oid = in.int32();
        Relation.TypeName name = new Relation.TypeName(schema(), in.cstring());
        in.finish("it");
        relations.keep(block, oid, name, size + OVERHEAD);
        return new TypeMessage(xid, Integer.toUnsignedLong(oid), name);
    }

    /** The empty text stands for the schema of what is PostgreSQL's own. */
    private String schema() {
        String schema = in.cstring();
        return schema.isEmpty() ? BuiltinTypes.SCHEMA : schema;
    }
}
