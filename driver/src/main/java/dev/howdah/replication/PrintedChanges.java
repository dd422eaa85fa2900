package dev.howdah.replication;

import dev.howdah.error.ProtocolException;
import dev.howdah.type.BuiltinTypes;
import dev.howdah.type.TypeRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes changes of what plugins print of them, and remembers the tables, which such plugins describe with each row and never
 * as a whole. Not safe for several threads.
 */
final class PrintedChanges {

    /** About so much memory is taken by a table, and by each column of it, beside its names. */
    private static final int OVERHEAD = 400;

    private static final String BYTEA_PREFIX = "\\x";

    private final Map<TableName, Held> tables = new HashMap<>();
    private final TypeRegistry types;
    private final RelationCache cache;
    private final boolean bareBytea;

    /**
     * Makes changes.
     *
     * @param bareBytea whether the plugin prints a bytea without the {@code \x} before it
     */
    PrintedChanges(TypeRegistry types, boolean bareBytea, long maxRelationBytes) {
        this.types = types;
        this.bareBytea = bareBytea;
        this.cache = new RelationCache(maxRelationBytes);
    }

    /**
     * The name of a table.
     *
     * @param schema the schema, empty if that was not told
     * @param name the table
     */
    record TableName(String schema, String name) {}

    /** A table under the number that it has in the cache. */
    private record Held(int number, PrintedTable table, Relation relation) {}

    /**
     * An insert.
     *
     * @param newRow the row with all its columns, null if none was told
     * @param primaryKey the columns of the primary key, empty if they were not told
     */
    void insert(
            TableName name, @Nullable PrintedRow newRow, Set<String> primaryKey, Consumer<? super PgOutputMessage> to) {
        PrintedTable table = known(name).withPrimaryKey(primaryKey);
        if (newRow != null) {
            table = table.withAll(newRow);
        }
        Relation relation = keep(name, table, to);
        Rows rows = new Rows(table, relation);
        int[] places = rows.add(newRow, ChangedRow.IS_ABSENT);
        to.accept(new Change.Insert(0, relation, rows.row(ChangedRow.Kind.NEW, places)));
    }

    /**
     * An update; under the same conditions.
     *
     * @param oldRow the old row or its key, null if that was not told
     * @param whole whether the new row has all its columns; if not, those that it does not have are unchanged
     */
    void update(
            TableName name,
            @Nullable PrintedRow oldRow,
            @Nullable PrintedRow newRow,
            boolean whole,
            Set<String> primaryKey,
            Consumer<? super PgOutputMessage> to) {
        PrintedTable table = known(name).withPrimaryKey(primaryKey);
        if (newRow != null) {
            table = whole ? table.withAll(newRow) : table.with(newRow);
        }
        if (oldRow != null) {
            table = table.with(oldRow).withIdentity(oldRow);
        }
        Relation relation = keep(name, table, to);
        Rows rows = new Rows(table, relation);
        boolean absent = whole || newRow == null;
        int[] after = rows.add(newRow, absent ? ChangedRow.IS_ABSENT : ChangedRow.IS_UNCHANGED);
        @Nullable ChangedRow before = null;
        if (oldRow != null && (whole || table.isWhole(oldRow) || !repeats(oldRow, newRow))) {
            int[] places = rows.add(oldRow, ChangedRow.IS_ABSENT);
            before = rows.row(kind(table, oldRow), places);
        }
        to.accept(new Change.Update(0, relation, before, rows.row(ChangedRow.Kind.NEW, after)));
    }

    /** A delete; under the same conditions. */
    void delete(
            TableName name, @Nullable PrintedRow oldRow, Set<String> primaryKey, Consumer<? super PgOutputMessage> to) {
        PrintedTable table = known(name).withPrimaryKey(primaryKey);
        if (oldRow != null) {
            table = table.with(oldRow).withIdentity(oldRow);
        }
        Relation relation = keep(name, table, to);
        Rows rows = new Rows(table, relation);
        int[] places = rows.add(oldRow, ChangedRow.IS_ABSENT);
        ChangedRow.Kind kind = oldRow == null ? ChangedRow.Kind.KEY : kind(table, oldRow);
        to.accept(new Change.Delete(0, relation, rows.row(kind, places)));
    }

    /** A truncate. */
    void truncate(
            List<TableName> names, boolean cascade, boolean restartIdentity, Consumer<? super PgOutputMessage> to) {
        List<Relation> relations = new ArrayList<>();
        for (TableName name : names) {
            relations.add(keep(name, known(name), to));
        }
        to.accept(new Change.Truncate(0, relations, cascade, restartIdentity));
    }

    private static ChangedRow.Kind kind(PrintedTable table, PrintedRow oldRow) {
        return table.isWhole(oldRow) ? ChangedRow.Kind.FULL : ChangedRow.Kind.KEY;
    }

    /** Returns whether the key of the old row is that of the new one, so that it was taken from there. */
    private static boolean repeats(PrintedRow oldRow, @Nullable PrintedRow newRow) {
        if (newRow == null) {
            return false;
        }
        Map<String, PrintedRow.Value> values = new HashMap<>();
        for (int i = 0; i < newRow.columns().size(); i++) {
            values.put(newRow.columns().get(i).name(), newRow.value(i));
        }
        for (int i = 0; i < oldRow.columns().size(); i++) {
            if (!oldRow.value(i).equals(values.get(oldRow.columns().get(i).name()))) {
                return false;
            }
        }
        return true;
    }

    private PrintedTable known(TableName name) {
        Held held = tables.get(name);
        return held == null ? PrintedTable.unknown() : held.table;
    }

    /** Keeps what is known of a table, and tells of it if that is new. */
    private Relation keep(TableName name, PrintedTable table, Consumer<? super PgOutputMessage> to) {
        Held held = tables.get(name);
        if (held != null && held.table == table) {
            return held.relation;
        }
        int number = held == null ? tables.size() : held.number;
        long size = OVERHEAD * (table.columns().size() + 1L)
                + 2L * (name.schema().length() + name.name().length());
        List<Relation.Column> columns = new ArrayList<>(table.columns().size());
        for (PrintedRow.Column column : table.columns()) {
            PrintedTypes.Type type = PrintedTypes.find(column.type(), column.typeOid());
            columns.add(new Relation.Column(
                    column.name(),
                    Integer.toUnsignedLong(type.oid()),
                    type.name(),
                    type.modifier(),
                    table.isKey(column.name())));
            size += 4L * (column.name().length() + String.valueOf(column.type()).length());
        }
        Relation relation = cache.keep(
                0, number, new Relation(0, name.schema(), name.name(), table.identity(), columns, types), size);
        tables.put(name, new Held(number, table, relation));
        if (held == null || held.relation != relation) {
            to.accept(new PgOutputMessage.RelationMessage(0, relation));
        }
        return relation;
    }

    /** The rows of one change, in one array. */
    private final class Rows {

        private final PrintedTable table;
        private final Relation relation;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private byte @Nullable [] array;

        Rows(PrintedTable table, Relation relation) {
            this.table = table;
            this.relation = relation;
        }

        /** Adds a row, and returns where its columns begin; those that it does not have begin with the letter given. */
        int[] add(@Nullable PrintedRow row, int letter) {
            int[] places = new int[table.columns().size()];
            Arrays.fill(places, bytes.size());
            bytes.write(letter);
            int none = bytes.size() - 1;
            if (row == null) {
                return places;
            }
            List<PrintedRow.Column> shown = row.columns();
            for (int i = 0; i < shown.size(); i++) {
                int index = table.index(shown.get(i).name());
                if (places[index] != none) {
                    throw new ProtocolException(
                            "its row has the column " + shown.get(i).name() + " twice");
                }
                places[index] = bytes.size();
                write(row.value(i), relation.columns().get(index).oid());
            }
            return places;
        }

        private void write(PrintedRow.Value value, int typeOid) {
            bytes.write(value.letter());
            if (value.letter() == ChangedRow.IS_TEXT) {
                boolean bare = bareBytea
                        && typeOid == BuiltinTypes.BYTEA
                        && !value.text().startsWith(BYTEA_PREFIX);
                byte[] text = (bare ? BYTEA_PREFIX + value.text() : value.text()).getBytes(StandardCharsets.UTF_8);
                bytes.writeBytes(
                        ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
                bytes.writeBytes(text);
            }
        }

        /** Returns a row that was added; all have been by now. They share the array, so that one can be filled from the other. */
        ChangedRow row(ChangedRow.Kind kind, int[] places) {
            byte[] all = array;
            if (all == null) {
                all = bytes.toByteArray();
                array = all;
            }
            return new ChangedRow(relation, kind, all, places);
        }
    }
}
