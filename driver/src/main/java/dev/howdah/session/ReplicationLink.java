package dev.howdah.session;

import dev.howdah.error.ProtocolException;
import org.jspecify.annotations.Nullable;

/** What owns a replication stream: takes what comes and says what to send. Called by who has the turn. */
public interface ReplicationLink {

    /**
     * Takes the payload of a CopyData.
     *
     * @param bytes an array that holds it and more; valid during the call only
     * @throws ProtocolException if it is not as it should be
     */
    void received(byte[] bytes, int offset, int length);

    /** Returns whether something has come that nobody has taken. */
    boolean hasMessages();

    /** Returns whether so much has come that no more is to be read. */
    boolean isFull();

    /** Returns the payload of a CopyData to send now, or null if there is none; asked again until it is null. */
    byte @Nullable [] toSend();
}
