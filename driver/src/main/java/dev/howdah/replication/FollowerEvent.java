package dev.howdah.replication;

import dev.howdah.error.PgException;
import dev.howdah.type.Lsn;
import java.time.Duration;
import java.util.List;

/** What happens to a {@link Follower}. Immutable. */
public sealed interface FollowerEvent {

    /**
     * It was looked at whether a stream can begin, once, and something was found that threatens it or is worth knowing.
     *
     * @param findings the worst first; unmodifiable
     * @see Preflight
     */
    record Checked(List<Finding> findings) implements FollowerEvent {

        /** Copies the list. */
        public Checked {
            findings = List.copyOf(findings);
        }
    }

    /**
     * The first state of tables begins to be copied.
     *
     * @param tables how many there are
     * @param consistentPoint the place in the log at which it is seen
     */
    record SnapshotBegun(int tables, Lsn consistentPoint) implements FollowerEvent {}

    /**
     * A table has been copied.
     *
     * @param table the table
     * @param rows how many rows it had
     * @param bytes how much was received
     */
    record TableCopied(Relation table, long rows, long bytes) implements FollowerEvent {}

    /**
     * All tables have been copied.
     *
     * @param rows of all tables
     */
    record SnapshotEnded(long rows) implements FollowerEvent {}

    /**
     * A stream has begun.
     *
     * @param host the server's name or address, as the connection says it
     * @param port of the server
     * @param from the place in the log; {@code 0/0} for what the slot has confirmed
     */
    record Streaming(String host, int port, Lsn from) implements FollowerEvent {}

    /**
     * There is no stream any more, or none could be begun; another attempt follows.
     *
     * @param cause why
     * @param pause how long to wait before it
     */
    record Interrupted(PgException cause, Duration pause) implements FollowerEvent {}
}
