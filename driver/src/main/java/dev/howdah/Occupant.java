package dev.howdah;

/** What has a connection for several operations, and leaves it in the middle of one: a pipeline, a COPY. */
interface Occupant {

    /**
     * Ends it because somebody takes the connection, who has the turn. When this returns the server is ready.
     *
     * @param why for who uses it later
     */
    void takenAway(String why);
}
