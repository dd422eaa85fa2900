package dev.howdah.replication;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of tables, in front of the first change of each that is not what it was. Not safe for several threads.
 *
 * <p>It goes by the changes, not by what the server says of tables: that is said again for no reason, and of changes that are rolled back.
 */
final class RelationNews {

    private final Map<Object, Relation> told = new HashMap<>();
    private final Consumer<Relation> hears;

    RelationNews(Consumer<Relation> hears) {
        this.hears = hears;
    }

    /** Returns the tables that a change is about. */
    static List<Relation> tables(Change change) {
        return switch (change) {
            case Change.RowChange row -> List.of(row.relation());
            case Change.Truncate truncate -> truncate.relations();
            case Change.LogicalMessage message -> List.of();
            case Change.RelationChanged news -> List.of();
        };
    }

    /** Returns the changes with the news between them. */
    TransactionStream.Changes before(TransactionStream.Changes changes) {
        return new TransactionStream.Changes() {
            private final Queue<Change> waiting = new ArrayDeque<>();

            @Override
            public @Nullable Change next() {
                Change first = waiting.poll();
                if (first != null) {
                    return first;
                }
                Change change = changes.next();
                if (change == null || isKnown(change)) {
                    return change;
                }
                for (Relation table : tables(change)) {
                    Relation before = told.put(key(table), table);
                    if (!table.says(before)) {
                        hears.accept(table);
                        waiting.add(new Change.RelationChanged(table, before));
                    }
                }
                waiting.add(change);
                return waiting.remove();
            }
        };
    }

    private boolean isKnown(Change change) {
        if (change instanceof Change.RowChange row) {
            return told.get(key(row.relation())) == row.relation();
        }
        return tables(change).isEmpty();
    }

    /** Some plugins tell no OIDs. */
    private static Object key(Relation table) {
        return table.oid() == 0 ? table.toString() : table.oid();
    }
}
