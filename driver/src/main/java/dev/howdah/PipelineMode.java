package dev.howdah;

/**
 * Where the Syncs of a {@link Pipeline} stand: what fails takes with it all that was queued behind it up to the next one.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING">Pipelining</a>
 */
public enum PipelineMode {
    /**
     * Where {@link Pipeline#sync()} is called. Outside a transaction what is queued between two of them is one: all of it
     * lasts or nothing. It holds its locks until then.
     */
    SHARED_SYNC,

    /** Behind each statement: outside a transaction each is one of its own, and what fails takes nothing with it. */
    SYNC_EACH
}
