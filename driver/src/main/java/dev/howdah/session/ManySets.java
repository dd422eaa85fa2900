package dev.howdah.session;

import dev.howdah.error.PgException;

/** A conversation that runs one statement with many sets of parameters. */
public interface ManySets extends Conversation<BatchOutcome> {

    /** Notes in an exception which sets are to blame, as far as that is known and it does not say so yet. */
    void blame(PgException failure);

    /** Returns how many sets have been taken from the caller so far. */
    int sets();

    /** Returns how many rows were returned or affected in all, after it has ended well. */
    long total();
}
