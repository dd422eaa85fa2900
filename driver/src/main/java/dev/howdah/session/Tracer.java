package dev.howdah.session;

/** Is shown every message of a session, in both directions, in order. Must not block for long or throw. */
public interface Tracer {

    /** A message has been received; the array is valid during the call only. */
    void received(char type, byte[] bytes, int offset, int length);

    /** Bytes are about to be sent: a part of the stream of messages, cut anywhere. The buffer must not be changed. */
    void sending(java.nio.ByteBuffer bytes);
}
