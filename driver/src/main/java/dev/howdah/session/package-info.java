/**
 * The verbs: what a client and a PostgreSQL server say to each other, without a socket, a thread, a lock or a clock.
 *
 * <p>A {@link dev.howdah.session.Session} is one conversation with one server. Operations are
 * {@link dev.howdah.session.Exchange exchanges}: each appends the messages it sends, takes the messages that answer it,
 * and knows when it is done. Operations of several exchanges are {@link dev.howdah.session.Conversation conversations}.
 * Whoever owns a session moves bytes between it and a transport and decides how to wait; a session is not safe for
 * several threads.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html">Message flow</a>
 */
package dev.howdah.session;
