package dev.howdah.replication;

import dev.howdah.type.Lsn;
import org.jspecify.annotations.Nullable;

/**
 * A slot that has been made.
 *
 * @param slotName its name
 * @param consistentPoint from where on a logical one has all changes; {@code 0/0} of a physical one
 * @param snapshotName what {@code SET TRANSACTION SNAPSHOT} takes, as long as the connection does nothing else; null if none was exported
 * @param outputPlugin of a logical one; null of a physical one
 */
public record ReplicationSlot(
        String slotName,
        Lsn consistentPoint,
        @Nullable String snapshotName,
        @Nullable String outputPlugin) {}
