package dev.howdah.replication;

import dev.howdah.type.BuiltinTypes;
import dev.howdah.type.PgType;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Types by the names that {@code format_type} prints, such as {@code character varying(10)[]}, or by those of the catalog.
 *
 * @see <a href="https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-CATALOG">format_type</a>
 */
final class PrintedTypes {

    private static final Map<String, PgType> BY_NAME =
            BuiltinTypes.all().stream().collect(Collectors.toUnmodifiableMap(PgType::name, type -> type));

    /** Those that SQL calls otherwise than the catalog. */
    private static final Map<String, String> SQL_NAMES = Map.ofEntries(
            Map.entry("bigint", "int8"),
            Map.entry("bit varying", "varbit"),
            Map.entry("boolean", "bool"),
            Map.entry("character", "bpchar"),
            Map.entry("character varying", "varchar"),
            Map.entry("double precision", "float8"),
            Map.entry("integer", "int4"),
            Map.entry("real", "float4"),
            Map.entry("smallint", "int2"),
            Map.entry("time with time zone", "timetz"),
            Map.entry("time without time zone", "time"),
            Map.entry("timestamp with time zone", "timestamptz"),
            Map.entry("timestamp without time zone", "timestamp"));

    /** Those whose modifier holds more than they are declared with, as the length of a value holds that of its header. */
    private static final Set<String> WITH_HEADER = Set.of("bpchar", "varchar", "numeric");

    private static final int HEADER = 4;
    private static final int SCALE_BITS = 0x7ff;

    private static final String ARRAY = "[]";

    /**
     * A type.
     *
     * @param oid its OID, 0 if it is not known
     * @param name its name, null if it is one of PostgreSQL's own or not told
     * @param modifier what it was declared with, -1 if nothing
     */
    record Type(int oid, Relation.@Nullable TypeName name, int modifier) {}

    private PrintedTypes() {}

    /**
     * Finds a type.
     *
     * @param printed its name, null if that was not told
     * @param oid its OID, 0 if that was not told
     */
    static Type find(@Nullable String printed, int oid) {
        if (printed == null) {
            return new Type(oid, null, -1);
        }
        boolean array = printed.endsWith(ARRAY);
        String whole = array ? printed.substring(0, printed.length() - ARRAY.length()) : printed;
        int open = whole.indexOf('"') < 0 ? whole.indexOf('(') : -1;
        int close = open < 0 ? -1 : whole.indexOf(')', open);
        String bare = close < 0 ? whole : whole.substring(0, open) + whole.substring(close + 1);
        PgType builtin = builtin(bare);
        if (builtin == null) {
            return new Type(oid, userType(bare, array), -1);
        }
        int modifier = close < 0 ? -1 : modifier(builtin.name(), whole.substring(open + 1, close));
        int found = array ? builtin.arrayOid() : builtin.oid();
        if (oid == 0 || oid == found) {
            return new Type(found, null, modifier);
        }
        // A domain, of which the type below it is told.
        return new Type(
                oid,
                new Relation.TypeName(BuiltinTypes.SCHEMA, array ? "_" + builtin.name() : builtin.name()),
                modifier);
    }

    private static @Nullable PgType builtin(String printed) {
        if (printed.equals("\"char\"")) {
            return BY_NAME.get("char");
        }
        if (printed.startsWith("interval ")) {
            return BY_NAME.get("interval");
        }
        return BY_NAME.get(SQL_NAMES.getOrDefault(printed, printed));
    }

    private static int modifier(String type, String declared) {
        try {
            int comma = declared.indexOf(',');
            int first = Integer.parseInt(comma < 0 ? declared : declared.substring(0, comma));
            if (type.equals("numeric")) {
                int scale = comma < 0 ? 0 : Integer.parseInt(declared.substring(comma + 1));
                return (first << Short.SIZE | scale & SCALE_BITS) + HEADER;
            } else if (type.equals("interval")) {
                return -1;
            }
            return WITH_HEADER.contains(type) ? first + HEADER : first;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Reads a name, perhaps with a schema before it and with quotes. */
    private static Relation.TypeName userType(String printed, boolean array) {
        int end = printed.startsWith("\"") ? endOfQuoted(printed) : printed.indexOf('.');
        boolean qualified = end > 0 && end < printed.length() && printed.charAt(end) == '.';
        String schema = qualified ? unquoted(printed.substring(0, end)) : "";
        String name = unquoted(qualified ? printed.substring(end + 1) : printed);
        return new Relation.TypeName(schema, array ? "_" + name : name);
    }

    /** Returns where a quoted name at the beginning has ended. */
    private static int endOfQuoted(String printed) {
        int at = 1;
        while (at < printed.length()) {
            if (printed.charAt(at) != '"') {
                at++;
            } else if (printed.startsWith("\"\"", at)) {
                at += 2;
            } else {
                return at + 1;
            }
        }
        return at;
    }

    private static String unquoted(String name) {
        boolean quoted = name.length() > 1 && name.startsWith("\"") && name.endsWith("\"");
        return quoted ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    }
}
