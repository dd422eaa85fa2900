/**
 * Moving bytes: TCP and Unix sockets, TLS over either, and dialling a server. A transport never blocks; who waits for it,
 * and how, is the business of the pumps.
 */
package dev.howdah.transport;
