/**
 * Replication: slots, and the streams of changes and of the write-ahead log that they keep; and pgoutput, in which PostgreSQL's own
 * output plugin writes changes, decoded.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html">Streaming Replication Protocol</a>
 * @see <a href="https://www.postgresql.org/docs/current/protocol-logical-replication.html">Logical Streaming Replication Protocol</a>
 */
@NullMarked
package dev.howdah.replication;

import org.jspecify.annotations.NullMarked;
