package dev.howdah.backup;

import dev.howdah.replication.SystemIdentity;
import dev.howdah.type.Lsn;
import java.util.List;

/**
 * A backup that has been taken. Immutable.
 *
 * @param system the server that it is of
 * @param startLsn from where on its recovery needs the log
 * @param startTimeline the timeline of that
 * @param endLsn up to where its recovery has to go, at least, before its data fit together
 * @param endTimeline the timeline of that
 * @param tablespaces those that are not in the data folder
 * @param bytes how many bytes of archives and manifest have come, compressed if they were
 * @param label what it is called
 */
public record BackupResult(
        SystemIdentity system,
        Lsn startLsn,
        long startTimeline,
        Lsn endLsn,
        long endTimeline,
        List<BackupFile.Tablespace> tablespaces,
        long bytes,
        String label) {

    /** Copies the list. */
    public BackupResult {
        tablespaces = List.copyOf(tablespaces);
    }
}
