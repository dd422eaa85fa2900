package dev.howdah.replication;

import dev.howdah.message.RowDescription;
import dev.howdah.session.RowShape;
import dev.howdah.type.BuiltinTypes;
import dev.howdah.type.PgType;
import dev.howdah.type.TypeRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table as it was when rows of it changed: what a Relation message says, or what rows of other plugins show. Immutable and safe for several threads; after
 * an ALTER TABLE there is another one, so each version is an object of its own and equal only to itself. A message that
 * says again what is known gives the same object.
 *
 * <p>Columns are those that are published; dropped ones, those outside of a column list and, as a rule, generated ones are
 * not among them.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html#PROTOCOL-LOGICALREP-MESSAGE-FORMATS-RELATION">Relation</a>
 */
public final class Relation {

    private static final Map<String, Integer> BUILTIN_OIDS =
            BuiltinTypes.all().stream().collect(Collectors.toUnmodifiableMap(PgType::name, PgType::oid));

    private final int oid;
    private final String schema;
    private final String name;
    private final ReplicaIdentity replicaIdentity;
    private final List<Column> columns;
    private final TypeRegistry types;
    private volatile @Nullable Shapes shapes;

    /**
     * A column of a table.
     *
     * @param name its name
     * @param typeOid the OID of its type, of a domain where it has one; 0 if the output plugin tells the name only, and it is
     *     no type of PostgreSQL's own
     * @param toldType the name of its type with its schema, as a Type message told it, which the server sends for types
     *     that are not its own; of a domain the type below it. Other plugins tell the domain's name, and the schema only if
     *     it is not in their search path; else it is empty. Null for types of PostgreSQL's own
     * @param typeModifier what the type was declared with, such as the length of a varchar; -1 if nothing
     * @param key whether it belongs to the replica identity; with {@link ReplicaIdentity#FULL} all do. Where the output
     *     plugin does not tell: whether an old row had it so far, or it belongs to the primary key if that was told
     */
    public record Column(
            String name, long typeOid, @Nullable TypeName toldType, int typeModifier, boolean key) {

        int oid() {
            return (int) typeOid;
        }
    }

    /**
     * The name of a type.
     *
     * @param schema the schema it lives in
     * @param name its name in the catalog, such as {@code int4}
     */
    public record TypeName(String schema, String name) {

        /** Returns the name, with its schema before it unless that is {@code pg_catalog} or not known. */
        @Override
        public String toString() {
            return schema.isEmpty() || schema.equals(BuiltinTypes.SCHEMA) ? name : schema + "." + name;
        }
    }

    /** What decodes the columns, as the types were known at one time. */
    private record Shapes(int version, RowShape text, RowShape binary) {}

    /**
     * Makes a relation.
     *
     * @param types what is known of types; may come to know more later
     */
    Relation(
            int oid,
            String schema,
            String name,
            ReplicaIdentity replicaIdentity,
            List<Column> columns,
            TypeRegistry types) {
        this.oid = oid;
        this.schema = schema;
        this.name = name;
        this.replicaIdentity = replicaIdentity;
        this.columns = List.copyOf(columns);
        this.types = types;
    }

    /** Returns the table's OID, 32 bits without sign; 0 if the output plugin does not tell it. */
    public long oid() {
        return Integer.toUnsignedLong(oid);
    }

    /** Returns the schema that it is in; empty if the output plugin does not tell it. */
    public String schema() {
        return schema;
    }

    /** Returns its name, without the schema. */
    public String name() {
        return name;
    }

    /**
     * Returns what is logged of rows that are updated and deleted. Where the output plugin does not tell: {@link
     * ReplicaIdentity#FULL} once an old row had all columns, before that {@link ReplicaIdentity#DEFAULT}.
     */
    public ReplicaIdentity replicaIdentity() {
        return replicaIdentity;
    }

    /** Returns the published columns, in order; unmodifiable. */
    public List<Column> columns() {
        return columns;
    }

    /**
     * Returns the OIDs of the types of its columns, and of what those are made of, that are not known, so that values in
     * the text form can be read as String and those in the binary form as byte[] only. Once they have been added to the
     * registry that the decoder was given, rows that came before can be read, too. Types whose OID is not known are not among
     * them; their values are read as String.
     *
     * @return empty if all are known
     * @see TypeRegistry#missing
     */
    public Set<Integer> unknownTypes() {
        Set<Integer> oids = new TreeSet<>();
        columns.forEach(column -> oids.add(decodedAs(column)));
        return types.missing(oids);
    }

    /** Returns the name with its schema, if that is known. */
    @Override
    public String toString() {
        return schema.isEmpty() ? name : schema + "." + name;
    }

    /** Returns whether the other one says the same. */
    boolean says(@Nullable Relation other) {
        return other != null
                && oid == other.oid
                && replicaIdentity == other.replicaIdentity
                && schema.equals(other.schema)
                && name.equals(other.name)
                && columns.equals(other.columns);
    }

    /** Returns what decodes the columns where they come in one of the two forms. */
    RowShape shape(boolean binary) {
        int version = types.version();
        Shapes now = shapes;
        if (now == null || now.version != version) {
            now = new Shapes(version, shape(0), shape(1));
            shapes = now;
        }
        return binary ? now.binary : now.text;
    }

    private RowShape shape(int format) {
        List<RowDescription.Field> fields = new ArrayList<>(columns.size());
        for (Column column : columns) {
            fields.add(new RowDescription.Field(
                    column.name(), oid, 0, decodedAs(column), -1, column.typeModifier(), format));
        }
        return RowShape.ofResult(fields, types);
    }

    /** A domain that is not known is read as the type below it, of which the server has told the name. */
    private int decodedAs(Column column) {
        TypeName told = column.toldType();
        if (told == null || !told.schema().equals(BuiltinTypes.SCHEMA) || types.type(column.oid()) != null) {
            return column.oid();
        }
        return BUILTIN_OIDS.getOrDefault(told.name(), column.oid());
    }
}
