package dev.howdah.replication;

import dev.howdah.error.ProtocolException;

/**
 * What a table logs of the rows that are updated and deleted, so that they can be found elsewhere.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-REPLICA-IDENTITY">REPLICA
 *     IDENTITY</a>
 */
public enum ReplicaIdentity {
    /** The columns of the primary key, if there is one. */
    DEFAULT,
    /** Nothing: updates and deletes are refused if they are published. */
    NOTHING,
    /** All columns. */
    FULL,
    /** The columns of an index that the table names. */
    INDEX;

    static ReplicaIdentity of(int letter) {
        return switch (letter) {
            case 'd' -> DEFAULT;
            case 'n' -> NOTHING;
            case 'f' -> FULL;
            case 'i' -> INDEX;
            default -> throw new ProtocolException("no replica identity has the letter " + letter);
        };
    }
}
