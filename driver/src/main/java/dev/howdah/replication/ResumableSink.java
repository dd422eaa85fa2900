package dev.howdah.replication;

import org.jspecify.annotations.Nullable;

/**
 * A sink that stores how far it has got in one transaction with the changes: {@link ReplicatedTransaction#token()} of each transaction,
 * those of kind {@link ReplicatedTransaction.Kind#PROGRESS} among them, and before them the token of the snapshot. It gets each
 * transaction exactly once, whoever fails when; and its {@link Follower} ends with a {@link dev.howdah.error.ReplicationException}
 * rather than leave something out.
 */
public interface ResumableSink extends ChangeSink {

    /**
     * Returns the token that was stored last. Asked for before a stream is begun, by the follower's thread.
     *
     * @return null if nothing has been stored yet
     * @throws Exception whatever the sink throws; it ends the follower
     */
    @Nullable
    ResumeToken position() throws Exception;
}
