package dev.howdah.pump;

/** What has a connection for several operations, and leaves it in the middle of one: a pipeline, a COPY, a replication stream. */
public interface Occupant {

    /**
     * Ends it because somebody takes the connection, who has the turn. When this returns the server is ready.
     *
     * @param why for who uses it later
     */
    void takenAway(String why);

    /**
     * Ends it because the connection is going to be closed or made new, while others may use it; what needs nobody's consent for that,
     * and keeps nobody from the turn, does nothing here.
     *
     * @param why for who uses it later
     */
    default void giveWay(String why) {}
}
