package dev.howdah.pump;

import dev.howdah.session.Conversation;
import dev.howdah.session.Session;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a replication stream needs of the connection that it is of. Safe for several threads. */
public interface ReplicationHost {

    /** Whom to tell of the stream when it has ended. */
    interface Log {

        /**
         * Tells.
         *
         * @param messages how many messages were taken
         * @param failure why it ended, or null
         */
        void tell(String command, long messages, @Nullable Throwable failure);
    }

    /** Returns the session; to be looked at only. */
    Session session();

    /** Returns the limits of the connection's calls. */
    CallLimits limits();

    /** Returns whether the server process is one that replicates. */
    boolean isWalSender();

    /** Takes the connection for a stream, when it is free. */
    void take(Lease lease, Occupant holder, CallLimits limits);

    /** Notes that the server has begun a stream on the connection. */
    void streams();

    /** Returns whether the server has ever begun a stream on the connection. */
    boolean hasStreamed();

    /** Gives it back, if it has not been taken away. */
    void giveBack(Lease lease);

    /** Runs a step of the stream. */
    <R> R run(Conversation<R> step, CallLimits limits);

    /** Says whether what comes while nobody reads is of interest. */
    void watch(boolean wanted);

    /** Returns whether threads other than the caller's may use the connection for the stream: not where it is polled. */
    boolean isWatchable();

    /** Returns whether the current thread may be parked. */
    boolean mayPark();

    /** Takes what has come and sends what is due, without waiting. */
    void hear();

    /** Has what is due be sent, here or by whoever waits for the server now. */
    void nudge();

    /** Cancels the stream, over a connection of its own. */
    void cancel();

    /** Gives the connection up. */
    void lose(IOException cause, Lease lease);

    /** Notes that a stream begins now; null if nobody wants to know. */
    @Nullable
    Log log();
}
