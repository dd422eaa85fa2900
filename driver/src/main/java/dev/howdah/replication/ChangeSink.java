package dev.howdah.replication;

/**
 * Where a {@link Follower} takes changes to. Its methods are called by the follower's thread, one at a time, but for {@link
 * #snapshotRow}. What they throw ends the follower, which {@link Follower#failure()} then gives; nothing more is confirmed.
 *
 * @see ResumableSink
 */
public interface ChangeSink {

    /**
     * The first state of the tables is about to come. What an earlier attempt has brought is to be dropped: it begins anew if the connection
     * is lost meanwhile.
     */
    default void snapshotBegins() {}

    /**
     * A row as it was when the slot was made. Several threads call this at a time if the follower has several readers; those of one table
     * come from one thread.
     */
    default void snapshotRow(ChangedRow row) {}

    /**
     * All rows have come; changes follow, beginning with the first that is not in them.
     *
     * @param token what to store together with the rows, for {@link ResumableSink#position()}
     */
    default void snapshotEnds(ResumeToken token) {}

    /**
     * A transaction. When its changes are stored, {@link ReplicatedTransaction#acknowledge()} is to be called: at once, or later by any
     * thread. If the connection is lost while its changes are read, their iterator throws, and the transaction comes again from its
     * beginning: what was done with the first changes is to be undone, or recognised. One of kind {@link ReplicatedTransaction.Kind#PROGRESS} has no changes, but a token to store.
     *
     * @throws Exception whatever the sink throws; it ends the follower
     */
    void transaction(ReplicatedTransaction transaction) throws Exception;

    /** Something has happened to the follower. */
    default void event(FollowerEvent event) {}
}
