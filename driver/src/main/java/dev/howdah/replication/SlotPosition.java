package dev.howdah.replication;

import dev.howdah.type.Lsn;

/**
 * What READ_REPLICATION_SLOT says of a physical slot.
 *
 * @param restartLsn from where on it keeps the write-ahead log; {@code 0/0} if it keeps nothing
 * @param restartTimeline the timeline of that, 0 if it keeps nothing
 */
public record SlotPosition(Lsn restartLsn, long restartTimeline) {}
