package dev.howdah.replication;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row, whole or in part, as an output plugin prints it. Not safe for several threads. */
final class PrintedRow {

    private final List<Column> columns = new ArrayList<>();
    private final List<Value> values = new ArrayList<>();

    /**
     * What is printed of a column beside its value.
     *
     * @param name its name
     * @param type its type as it is printed, null if it is not
     * @param typeOid the OID of its type, 0 if it is not printed
     */
    record Column(String name, @Nullable String type, int typeOid) {}

    /**
     * A value.
     *
     * @param letter {@link ChangedRow#IS_TEXT} or another letter of a row
     * @param text the value if it is a text
     */
    record Value(int letter, String text) {

        static final Value NULL = new Value(ChangedRow.IS_NULL, "");
        static final Value UNCHANGED = new Value(ChangedRow.IS_UNCHANGED, "");

        static Value of(String text) {
            return new Value(ChangedRow.IS_TEXT, text);
        }

        static Value of(boolean value) {
            return of(value ? "t" : "f");
        }
    }

    void add(Column column, Value value) {
        columns.add(column);
        values.add(value);
    }

    List<Column> columns() {
        return columns;
    }

    Value value(int index) {
        return values.get(index);
    }
}
