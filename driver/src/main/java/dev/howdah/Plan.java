package dev.howdah;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.type.TypeRef;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the server runs a statement: the JSON that EXPLAIN gives. Immutable and safe for several threads.
 *
 * @see PreparedQuery#explain(Object...)
 * @see <a href="https://www.postgresql.org/docs/current/sql-explain.html">EXPLAIN</a>
 */
public final class Plan {

    private final Row row;

    Plan(Row row) {
        this.row = row;
    }

    /** Returns the document: an array of one object, whose {@code Plan} is the top node. */
    public String json() {
        return Objects.requireNonNull(row.getString(0));
    }

    /**
     * Returns the document as an object of the JSON mapper's.
     *
     * @param type such as Jackson's {@code JsonNode}
     * @throws ConversionException if no mapper is registered, or it cannot read the document as that
     * @see dev.howdah.type.TypeRegistry#registerJson
     */
    public <T> T as(Class<T> type) {
        return read(row.get(0, type));
    }

    /**
     * Returns the document as an object of the JSON mapper's.
     *
     * @param type such as {@code new TypeRef<List<Map<String, Object>>>() {}}
     * @throws ConversionException if no mapper is registered, or it cannot read the document as that
     */
    public <T> T as(TypeRef<T> type) {
        return read(row.get(0, type));
    }

    private static <T> T read(@Nullable T value) {
        if (value == null) {
            throw new ConversionException("the JSON mapper read the plan as null", Delivery.COMPLETED, null);
        }
        return value;
    }

    /** Returns the document. */
    @Override
    public String toString() {
        return json();
    }
}
