/**
 * Who we are: the steps by which a client proves it to a server. Nothing here reads a socket.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sasl-authentication.html">SASL authentication</a>
 */
package dev.howdah.auth;
