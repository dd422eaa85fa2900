package dev.howdah.session;

import dev.howdah.message.CommandComplete;
import dev.howdah.message.NoticeResponse;
import dev.howdah.message.TransactionStatus;

/**
 * What the server says unasked. Called by whoever feeds the session, in the order of arrival; must not block and must
 * not call back into the session.
 */
public interface SessionListener {

    /** The server sent a notice. */
    void notice(NoticeResponse notice);

    /**
     * Another session (or this one) sent a notification on a channel that this session listens on.
     *
     * @param processId the process that serves the sender
     * @param payload empty if there was none
     */
    void notification(int processId, String channel, String payload);

    /** A command of whatever kind has completed; by its tag it may have changed what the server will say unasked. */
    default void completed(CommandComplete command) {}

    /** The server is ready for the next query. */
    default void ready(TransactionStatus status) {}
}
