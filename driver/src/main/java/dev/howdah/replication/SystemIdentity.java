package dev.howdah.replication;

import dev.howdah.type.Lsn;
import org.jspecify.annotations.Nullable;

/**
 * What IDENTIFY_SYSTEM says.
 *
 * @param systemId what tells this server, and its standbys, from all others; an unsigned number
 * @param timeline the current timeline
 * @param position up to where the write-ahead log has been flushed, or on a standby replayed
 * @param database of the connection; null if it is of none
 */
public record SystemIdentity(
        String systemId,
        long timeline,
        Lsn position,
        @Nullable String database) {}
