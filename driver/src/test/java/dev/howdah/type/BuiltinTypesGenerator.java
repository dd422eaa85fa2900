package dev.howdah.type;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes BuiltinTypes.java from pg_type.tsv. To run again after a change of the input, run the main method in the
 * folder of the driver's pom.
 */
final class BuiltinTypesGenerator {

    static final Path INPUT = Path.of("src/main/data/pg_type.tsv");
    static final Path OUTPUT = Path.of("src/main/java/dev/howdah/type/BuiltinTypes.java");

    private record Row(
            int oid, String name, int arrayOid, int elementOid, char type, char category, char delimiter, int baseOid) {

        static Row parse(String line) {
            String[] f = line.split("\t", -1);
            return new Row(
                    Integer.parseInt(f[0]),
                    f[1],
                    Integer.parseInt(f[2]),
                    Integer.parseInt(f[3]),
                    f[4].charAt(0),
                    f[5].charAt(0),
                    f[6].charAt(0),
                    Integer.parseInt(f[7]));
        }

        String constant(boolean array) {
            return array ? name.substring(1).toUpperCase(Locale.ROOT) + "_ARRAY" : name.toUpperCase(Locale.ROOT);
        }

        String kind(boolean array) {
            if (array) {
                return "ARRAY";
            }
            return switch (type) {
                case 'b' -> "BASE";
                case 'c' -> "COMPOSITE";
                case 'd' -> "DOMAIN";
                case 'e' -> "ENUM";
                case 'p' -> "PSEUDO";
                case 'r' -> "RANGE";
                case 'm' -> "MULTIRANGE";
                default -> throw new IllegalArgumentException("typtype " + type);
            };
        }
    }

    private BuiltinTypesGenerator() {}

    public static void main(String[] arguments) throws IOException {
        Files.writeString(OUTPUT, generate());
    }

    static String generate() throws IOException {
        List<Row> rows = Files.readAllLines(INPUT).stream().map(Row::parse).toList();
        Map<Integer, Row> byOid = rows.stream().collect(Collectors.toMap(Row::oid, Function.identity()));
        StringBuilder constants = new StringBuilder();
        StringBuilder table = new StringBuilder();
        for (Row row : rows) {
            // An array is what its element type calls its array; int2vector and the like are types of their own.
            Row element = byOid.get(row.elementOid);
            boolean array = element != null && element.arrayOid == row.oid;
            constants.append("    /** OID of {@code ").append(row.name).append("}. */\n");
            constants.append("    public static final int ").append(row.constant(array));
            constants.append(" = ").append(row.oid).append(";\n\n");
            table.append("        add(")
                    .append(row.constant(array))
                    .append(", \"")
                    .append(row.name);
            table.append("\", PgType.Kind.").append(row.kind(array)).append(", ");
            table.append(array ? row.elementOid : 0).append(", ").append(row.arrayOid);
            table.append(", ").append(row.baseOid);
            table.append(", '").append(row.delimiter).append("');\n");
        }
        return HEAD + constants + MIDDLE + table + TAIL;
    }

    private static final String HEAD = """
            // Generated from src/main/data/pg_type.tsv by BuiltinTypesGenerator; do not edit.
            package dev.howdah.type;

            import java.util.Collection;
            import java.util.Collections;
            import java.util.HashMap;
            import java.util.Map;
            import org.jspecify.annotations.Nullable;

            /**
             * PostgreSQL 18's own types, those whose OIDs are the same in every database.
             *
             * @see <a href="https://www.postgresql.org/docs/current/catalog-pg-type.html">pg_type</a>
             */
            public final class BuiltinTypes {

                /** The schema of all types here. */
                public static final String SCHEMA = "pg_catalog";

            """;

    private static final String MIDDLE = """
                private static final Map<Integer, PgType> TYPES = new HashMap<>(512);

                static {
            """;

    private static final String TAIL = """
                }

                private BuiltinTypes() {}

                private static void add(int oid, String name, PgType.Kind kind, int element, int array, int base, char delimiter) {
                    TYPES.put(oid, new PgType(oid, SCHEMA, name, kind, element, array, base, delimiter));
                }

                /**
                 * {@return the type with an OID, null if it is none of these}
                 *
                 * @param oid the type's OID
                 */
                public static @Nullable PgType find(int oid) {
                    return TYPES.get(oid);
                }

                /** {@return all types here, in no order; unmodifiable} */
                public static Collection<PgType> all() {
                    return Collections.unmodifiableCollection(TYPES.values());
                }
            }
            """;
}
