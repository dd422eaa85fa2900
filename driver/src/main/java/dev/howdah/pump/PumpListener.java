package dev.howdah.pump;

import dev.howdah.error.PgException;
import dev.howdah.message.TransactionStatus;
import dev.howdah.session.Conversation;
import org.jspecify.annotations.Nullable;

/**
 * Whoever wants to hear what happens on a connection, also while nobody uses it. No method but {@link #released()} and {@link #handOn()} may
 * block or use the connection.
 */
public interface PumpListener {

    /**
     * The connection has been lost. Called once, by the thread that noticed, which has the connection's turn.
     */
    void lost(PgException cause);

    /**
     * What could be read now has been, and the session has told what it told of it. Called by who has the turn.
     *
     * @param handsOn the current thread calls {@link #handOn()} next
     */
    default void heard(boolean handsOn) {}

    /** What was heard may be handed to code of the user's by the current thread, which has no lock and no turn. If that takes long, others hear meanwhile. */
    default void handOn() {}

    /** Returns whether an idle connection is to be watched now. Asked by any thread, often. */
    default boolean wantsWatch() {
        return false;
    }

    /** Returns whether {@link #upkeep()} has something to run now. Asked by any thread, often. */
    default boolean isUpkeepDue(TransactionStatus status) {
        return false;
    }

    /** The turn has been given away by the current thread, which has no lock of the connection's. Code of the user's may run. */
    default void released() {}

    /**
     * Returns what is to be run between two operations of others, or null if there is nothing. Called by who has the turn
     * and is about to give it back. It is not cancelled, and what becomes of it is its own business.
     */
    default @Nullable Conversation<?> upkeep() {
        return null;
    }
}
