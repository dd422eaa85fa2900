package dev.howdah.session;

import dev.howdah.error.Delivery;
import dev.howdah.error.ProtocolException;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.Bind;
import dev.howdah.message.BindComplete;
import dev.howdah.message.Bytes;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.Execute;
import dev.howdah.message.IntList;
import dev.howdah.message.Parse;
import dev.howdah.message.ParseComplete;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.Sync;
import dev.howdah.type.BuiltinTypes;
import dev.howdah.type.PgType;
import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks the catalog about types and all that they are made of, in one query and one round trip, however many they are. No
 * codec takes part, so none of the user's can break it, and it goes by the nameless statement, so that a pooler may stand
 * in between.
 *
 * @see <a href="https://www.postgresql.org/docs/current/catalog-pg-type.html">pg_type</a>
 * @see <a href="https://www.postgresql.org/docs/current/catalog-pg-attribute.html">pg_attribute</a>
 * @see <a href="https://www.postgresql.org/docs/current/catalog-pg-enum.html">pg_enum</a>
 * @see <a href="https://www.postgresql.org/docs/current/catalog-pg-range.html">pg_range</a>
 */
final class Introspection extends QueryExchange<List<PgType>> {

    /**
     * One row for each attribute or label of a type, one for a type that has none. Types with an OID below 10000 are the
     * same in every database and not followed. Every name is qualified, so that no search_path changes what it means.
     */
    private static final String SQL = """
            WITH RECURSIVE wanted (oid) AS (
                SELECT asked.oid FROM pg_catalog.unnest($1) asked (oid)
                UNION
                SELECT part.oid
                FROM wanted w
                JOIN pg_catalog.pg_type t ON t.oid = w.oid
                CROSS JOIN LATERAL (
                    SELECT t.typelem
                    UNION ALL SELECT t.typarray
                    UNION ALL SELECT t.typbasetype
                    UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid
                    UNION ALL SELECT r.rngmultitypid FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid
                    UNION ALL SELECT r.rngtypid FROM pg_catalog.pg_range r WHERE r.rngmultitypid = t.oid
                    UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a
                        WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
                ) part (oid)
                WHERE part.oid >= 10000
            )
            SELECT t.oid, n.nspname, t.typname, t.typtype,
                CASE WHEN t.typcategory = 'A' AND t.typlen = -1 THEN t.typelem END,
                t.typarray,
                CASE t.typtype
                    WHEN 'd' THEN t.typbasetype
                    WHEN 'r' THEN (SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid)
                    WHEN 'm' THEN (SELECT r.rngtypid FROM pg_catalog.pg_range r WHERE r.rngmultitypid = t.oid)
                END,
                t.typdelim,
                CASE t.typtype
                    WHEN 'b' THEN (SELECT p.proname FROM pg_catalog.pg_proc p WHERE p.oid = t.typreceive)
                END,
                part.name, part.oid
            FROM wanted w
            JOIN pg_catalog.pg_type t ON t.oid = w.oid
            JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
            LEFT JOIN LATERAL (
                SELECT a.attname, a.atttypid, pg_catalog.float4(a.attnum) FROM pg_catalog.pg_attribute a
                    WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
                UNION ALL SELECT e.enumlabel, 0, e.enumsortorder FROM pg_catalog.pg_enum e
                    WHERE t.typtype = 'e' AND e.enumtypid = t.oid
            ) part (name, oid, position) ON true
            ORDER BY t.oid, part.position
            """.replace(" = ", " OPERATOR(pg_catalog.=) ")
            .replace(" > ", " OPERATOR(pg_catalog.>) ")
            .replace(" >= ", " OPERATOR(pg_catalog.>=) ");

    private static final int COLUMNS = 11;

    private final String oids;
    private final boolean optional;
    private final Map<Integer, Found> found = new LinkedHashMap<>();

    /**
     * Makes the exchange for the types with these OIDs.
     *
     * @param optional whether the operation has been done already, so that a failure here is none of it
     */
    Introspection(Collection<Integer> oids, StatementCache statements, boolean optional) {
        super(SQL, statements);
        this.optional = optional;
        this.oids = oids.stream().map(Integer::toUnsignedString).collect(Collectors.joining(",", "{", "}"));
    }

    @Override
    public boolean isOptional() {
        return optional;
    }

    @Override
    boolean extended() {
        return true;
    }

    @Override
    boolean transmitQuery(Outbox out) {
        write(out.writer());
        Sync.INSTANCE.write(out.writer());
        return true;
    }

    /** Writes the request without what ends it. */
    void write(WireWriter writer) {
        Parse.write(writer, "", SQL, IntList.of(BuiltinTypes.OID_ARRAY));
        Bytes value = Bytes.utf8(oids);
        new Bind("", "", IntList.EMPTY, List.of(value), IntList.EMPTY).write(writer);
        Execute.write(writer, "", 0);
    }

    @Override
    protected boolean receive(BackendMessage message) {
        switch (message) {
            case ParseComplete parsed -> {}
            case BindComplete bound -> {}
            case CommandComplete command -> {}
            case ReadyForQuery ready -> {
                return true;
            }
            default -> {
                if (!receiveCommon(message)) {
                    throw unexpected(message);
                }
            }
        }
        return false;
    }

    @Override
    protected void row(byte[] bytes, int offset, int length) {
        WireReader in = new WireReader().over(bytes, offset, length);
        if (in.uint16() != COLUMNS) {
            throw new ProtocolException("the server sent a row that does not have the columns of the catalog query");
        }
        int oid = oid(text(in));
        String schema = due(text(in));
        String name = due(text(in));
        String kind = due(text(in));
        Found type =
                new Found(schema, name, kind, oid(text(in)), oid(text(in)), oid(text(in)), due(text(in)), text(in));
        @Nullable String part = text(in);
        int partOid = oid(text(in));
        in.finish("DataRow");
        @Nullable Found before = found.putIfAbsent(oid, type);
        if (part != null) {
            (before == null ? type : before).parts.add(new PgType.Attribute(part, partOid));
        }
    }

    private static @Nullable String text(WireReader in) {
        int length = in.int32();
        return length < 0 ? null : in.utf8(length);
    }

    private static String due(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            throw new ProtocolException("the server sent a catalog row without a value that is always there");
        }
        return text;
    }

    private static int oid(@Nullable String text) {
        try {
            return text == null ? 0 : Integer.parseUnsignedInt(text);
        } catch (NumberFormatException e) {
            throw new ProtocolException("the server sent a catalog row with an OID that is none", Delivery.UNKNOWN, e);
        }
    }

    @Override
    protected List<PgType> value() {
        List<PgType> types = new ArrayList<>(found.size());
        found.forEach((oid, type) -> types.add(type.type(oid)));
        return types;
    }

    @Override
    protected String describe() {
        return "the look into the catalog for types";
    }

    /** What is known of a type while its parts arrive. */
    private record Found(
            String schema,
            String name,
            String kind,
            int elementOid,
            int arrayOid,
            int baseOid,
            String delimiter,
            @Nullable String receiver,
            List<PgType.Attribute> parts) {

        Found(
                String schema,
                String name,
                String kind,
                int elementOid,
                int arrayOid,
                int baseOid,
                String delimiter,
                @Nullable String receiver) {
            this(schema, name, kind, elementOid, arrayOid, baseOid, delimiter, receiver, new ArrayList<>());
        }

        PgType type(int oid) {
            PgType.Kind sort = sort();
            return new PgType(
                    oid,
                    schema,
                    name,
                    sort,
                    elementOid,
                    arrayOid,
                    baseOid,
                    delimiter.charAt(0),
                    sort == PgType.Kind.COMPOSITE ? parts : null,
                    sort == PgType.Kind.ENUM
                            ? parts.stream().map(PgType.Attribute::name).toList()
                            : null,
                    sort == PgType.Kind.BASE ? receiver : null);
        }

        private PgType.Kind sort() {
            return switch (kind) {
                case "c" -> PgType.Kind.COMPOSITE;
                case "d" -> PgType.Kind.DOMAIN;
                case "e" -> PgType.Kind.ENUM;
                case "p" -> PgType.Kind.PSEUDO;
                case "r" -> PgType.Kind.RANGE;
                case "m" -> PgType.Kind.MULTIRANGE;
                // What comes after 18 is served as its text.
                default -> elementOid != 0 ? PgType.Kind.ARRAY : PgType.Kind.BASE;
            };
        }
    }
}
