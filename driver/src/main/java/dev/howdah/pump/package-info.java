/**
 * Waiting: who moves the bytes of a session, and how he waits for the socket. The blocking pump runs on the caller's own
 * thread; a shared loop waits for virtual threads and for connections that somebody listens on.
 */
package dev.howdah.pump;
