package dev.howdah.replication;

/** Thrown by a consumer that has had enough: {@link ReplicationCursor#consumeStream} ends the stream and returns. */
public class StopReplication extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Makes one without a reason. */
    public StopReplication() {}

    /** Makes one with a reason. */
    public StopReplication(String reason) {
        super(reason);
    }
}
