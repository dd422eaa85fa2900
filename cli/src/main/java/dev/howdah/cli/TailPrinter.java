package dev.howdah.cli;

import dev.howdah.replication.Change;
import dev.howdah.replication.ChangedRow;
import dev.howdah.replication.ReplicatedTransaction;
import dev.howdah.replication.ResumeToken;
import dev.howdah.type.Lsn;

/** How {@code howdah tail} writes what comes. Each gives a line, or an empty text for none. Any thread may call it. */
interface TailPrinter {

    String snapshotBegins(int tables, Lsn at);

    String snapshotRow(ChangedRow row);

    String snapshotEnds(ResumeToken token, long rows);

    /** A transaction that has changes. */
    String begins(ReplicatedTransaction transaction);

    /**
     * A change.
     *
     * @param number which one of the transaction it is, from 1 on
     */
    String change(ReplicatedTransaction transaction, int number, Change change);

    /** The end of a transaction that has changes. */
    String ends(ReplicatedTransaction transaction, int changes);
}
