package dev.howdah.replication;

import dev.howdah.replication.Change.Insert;
import java.util.List;

/** What tests of transactions look at most. */
public final class InsertedIds {

    private InsertedIds() {}

    /** Reads a transaction to its end and returns the {@code id} of each row that it inserted. */
    public static List<Integer> ids(ReplicatedTransaction transaction) {
        return transaction.toList().stream()
                .filter(Insert.class::isInstance)
                .map(change -> ((Insert) change).newRow().getInt("id"))
                .toList();
    }
}
