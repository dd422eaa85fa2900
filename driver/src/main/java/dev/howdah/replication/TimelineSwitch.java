package dev.howdah.replication;

import dev.howdah.type.Lsn;

/**
 * Where a physical stream of an old timeline ended.
 *
 * @param timeline the next one
 * @param position where that begins
 */
public record TimelineSwitch(long timeline, Lsn position) {}
