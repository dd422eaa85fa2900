/**
 * Bytes: writing messages with their length patched in, reading them with every access checked, and cutting a stream of
 * bytes into messages. Nothing here knows what a message means.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-types.html">Message data types</a>
 */
package dev.howdah.wire;
