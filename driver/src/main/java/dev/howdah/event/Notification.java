package dev.howdah.event;

/**
 * A message that some session sent with NOTIFY on a channel that this session listens on; this session's own are among
 * them. Immutable.
 *
 * @param pid the process ID of the backend of the session that sent it
 * @param channel the channel
 * @param payload the text sent along, empty if there was none; at most 7,999 bytes
 * @see <a href="https://www.postgresql.org/docs/current/sql-notify.html">NOTIFY</a>
 */
public record Notification(int pid, String channel, String payload) {}
