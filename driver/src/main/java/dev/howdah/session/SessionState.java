package dev.howdah.session;

import dev.howdah.error.PgException;

/** Where a session stands. */
public sealed interface SessionState {

    /** The server has not said yet that it is ready for queries. */
    record Starting() implements SessionState {}

    /** Queries can be run. */
    record Open() implements SessionState {}

    /** The client has said goodbye. */
    record Closed() implements SessionState {}

    /**
     * The connection broke, or the server ended it.
     *
     * @param cause why
     */
    record Lost(PgException cause) implements SessionState {}
}
