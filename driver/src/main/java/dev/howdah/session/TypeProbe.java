package dev.howdah.session;

import dev.howdah.error.ConversionException;
import dev.howdah.type.PgType;
import dev.howdah.type.TypeRegistry;
import dev.howdah.wire.WireReader;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the first row value of each column that holds any, to find out whether what is known of its type is still true and
 * whether an anonymous row holds types that are not known. Nobody but the values tells of that.
 */
final class TypeProbe {

    /** So many rows are searched for a value that is not NULL. */
    private static final int ROWS = 100;

    private static final int MAX_DEPTH = 20;

    private TypeProbe() {}

    /** Returns the OIDs of the types that the catalog has to be asked about; empty nearly always. */
    static Set<Integer> outdated(@Nullable RowShape shape, RowBuffer rows) {
        Set<Integer> oids = Set.of();
        if (shape == null || rows.size() == 0) {
            return oids;
        }
        for (int column = 0; column < shape.size(); column++) {
            if (shape.binary(column)
                    && holdsRows(shape.types(), shape.field(column).typeOid(), 0)) {
                Set<Integer> found = probe(shape, rows, column);
                if (!found.isEmpty()) {
                    oids = new HashSet<>(oids);
                    oids.addAll(found);
                }
            }
        }
        return oids;
    }

    private static boolean holdsRows(TypeRegistry types, int oid, int depth) {
        PgType type = types.type(oid);
        if (type == null || depth > MAX_DEPTH) {
            return false;
        }
        return switch (type.kind()) {
            case COMPOSITE, PSEUDO -> true;
            case ARRAY -> holdsRows(types, type.elementOid(), depth + 1);
            case DOMAIN, RANGE, MULTIRANGE -> holdsRows(types, type.baseOid(), depth + 1);
            case BASE, ENUM -> false;
        };
    }

    private static Set<Integer> probe(RowShape shape, RowBuffer rows, int column) {
        for (int row = 0; row < Math.min(rows.size(), ROWS); row++) {
            byte[] bytes = rows.array(row);
            int at = rows.offset(row) + Short.BYTES;
            for (int i = 0; i < column; i++) {
                at += Integer.BYTES + Math.max(WireReader.int32At(bytes, at), 0);
            }
            int length = WireReader.int32At(bytes, at);
            if (length >= 0) {
                return probe(shape, column, bytes, at + Integer.BYTES, length);
            }
        }
        return Set.of();
    }

    private static Set<Integer> probe(RowShape shape, int column, byte[] bytes, int offset, int length) {
        try {
            shape.types().decode(shape.field(column).typeOid(), true, bytes, offset, length);
            return Set.of();
        } catch (ConversionException e) {
            // What else is wrong with the value, the user hears when reading it.
            return TypeRegistry.outdated(e);
        }
    }
}
