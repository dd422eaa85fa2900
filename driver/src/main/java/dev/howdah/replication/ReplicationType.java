package dev.howdah.replication;

/** What a stream or a slot is of: psycopg2's {@code REPLICATION_LOGICAL} and {@code REPLICATION_PHYSICAL}. */
public enum ReplicationType {
    /** Changes of one database, as an output plugin writes them. */
    LOGICAL,
    /** The bytes of the write-ahead log of the whole server. */
    PHYSICAL
}
