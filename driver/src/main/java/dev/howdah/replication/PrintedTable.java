package dev.howdah.replication;

import dev.howdah.error.ProtocolException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a plugin has told of a table, from row to row. Immutable. */
final class PrintedTable {

    private final List<PrintedRow.Column> columns;
    private final Map<String, Integer> indexes;
    /** Whether these are all columns, so that an old row with all of them is a whole one. */
    private final boolean complete;

    private final Set<String> keys;
    /** Whether old rows have told the keys, and not only a primary key. */
    private final boolean keysTold;

    private final boolean full;

    private PrintedTable(
            List<PrintedRow.Column> columns, boolean complete, Set<String> keys, boolean keysTold, boolean full) {
        this.columns = List.copyOf(columns);
        this.indexes = indexes(this.columns);
        this.complete = complete;
        this.keys = Set.copyOf(keys);
        this.keysTold = keysTold;
        this.full = full;
    }

    /** Returns a table of which nothing is known. */
    static PrintedTable unknown() {
        return new PrintedTable(List.of(), false, Set.of(), false, false);
    }

    private static Map<String, Integer> indexes(List<PrintedRow.Column> columns) {
        Map<String, Integer> indexes = HashMap.newHashMap(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            if (indexes.put(columns.get(i).name(), i) != null) {
                throw new ProtocolException(
                        "its row has the column " + columns.get(i).name() + " twice");
            }
        }
        return indexes;
    }

    List<PrintedRow.Column> columns() {
        return columns;
    }

    /** Returns the index of a column, -1 if there is none. */
    int index(String column) {
        return indexes.getOrDefault(column, -1);
    }

    boolean isKey(String column) {
        return full || keys.contains(column);
    }

    ReplicaIdentity identity() {
        return full ? ReplicaIdentity.FULL : ReplicaIdentity.DEFAULT;
    }

    /** Returns whether an old row has all columns, so far as those are known. */
    boolean isWhole(PrintedRow oldRow) {
        return complete && oldRow.columns().size() == columns.size();
    }

    /** Returns the table that a row with all its columns makes of it; itself if that tells nothing new. */
    PrintedTable withAll(PrintedRow row) {
        if (complete && columns.equals(row.columns())) {
            return this;
        }
        return new PrintedTable(row.columns(), true, keys, keysTold, full);
    }

    /** Returns the table that has columns of a row, too; itself if that tells nothing new. */
    PrintedTable with(PrintedRow row) {
        @Nullable List<PrintedRow.Column> merged = null;
        for (PrintedRow.Column column : row.columns()) {
            int index = index(column.name());
            if (index < 0 || !columns.get(index).equals(column)) {
                merged = merged == null ? new ArrayList<>(columns) : merged;
                if (index < 0) {
                    merged.add(column);
                } else {
                    merged.set(index, column);
                }
            }
        }
        return merged == null ? this : new PrintedTable(merged, complete, keys, keysTold, full);
    }

    /**
     * Returns the table whose replica identity has the columns of an old row; itself if that tells nothing new. Plugins do
     * not print the NULLs of old rows, so a row with fewer columns takes nothing back.
     */
    PrintedTable withIdentity(PrintedRow oldRow) {
        if (full || oldRow.columns().isEmpty()) {
            return this;
        } else if (isWhole(oldRow)) {
            return new PrintedTable(columns, complete, keys, true, true);
        }
        Set<String> shown = keysTold ? new HashSet<>(keys) : new HashSet<>();
        oldRow.columns().forEach(column -> shown.add(column.name()));
        return keysTold && shown.size() == keys.size() ? this : new PrintedTable(columns, complete, shown, true, false);
    }

    /** Returns the table with a primary key; itself if that tells nothing new, or old rows have told better. */
    PrintedTable withPrimaryKey(Set<String> primaryKey) {
        return keysTold || primaryKey.isEmpty() || primaryKey.equals(keys)
                ? this
                : new PrintedTable(columns, complete, primaryKey, false, full);
    }
}
