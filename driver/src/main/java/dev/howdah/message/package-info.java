/**
 * The nouns of the protocol, versions 3.0 and 3.2: one record for each message, with reader, writer and trace side by
 * side, so that a file can be held against its paragraph of PostgreSQL's documentation. Nothing here knows when a
 * message may be sent. All records are immutable; views (their names say so) are not.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message formats</a>
 */
package dev.howdah.message;
