package dev.howdah;

/**
 * What comes from the server a few items at a time, when somebody asks. Used by one thread at a time.
 *
 * @param <S> an item
 */
interface PulledItems<S> extends AutoCloseable {

    /** Returns whether an item that has come has not been taken. */
    boolean hasItem();

    /** Takes the next item that has come. */
    S take();

    /** Returns whether no further ones can be fetched. */
    boolean isEnded();

    /** Returns whether they are part of a transaction, so that what cancels them fails that. */
    boolean isShared();

    /** Returns whether other operations of the transaction may run between two fetches. */
    boolean admitsOthers();

    /** Waits for the next items, or the end; if that fails this is closed. */
    void fetch();

    /** Ends it and gives the connection back. What has come can still be taken. */
    @Override
    void close();
}
