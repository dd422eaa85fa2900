package dev.howdah.replication;

import dev.howdah.session.ReplicationGrammar;
import dev.howdah.type.Lsn;

/** Where a physical stream begins if nobody says. */
final class PhysicalStart {

    private PhysicalStart() {}

    /** Returns where the file begins that a physical slot needs next, or else the one that is being written. */
    static Lsn of(ReplicationCursor cursor, StreamOptions options) {
        Lsn place = Lsn.ZERO;
        if (options.slot != null) {
            if (cursor.connection().info().serverVersion() < ReplicationGrammar.V15) {
                throw new IllegalArgumentException("give startLsn: a server before PostgreSQL 15 does not tell where a"
                        + " physical slot stands, and what lies between there and the end would be missed");
            }
            SlotPosition position = cursor.readReplicationSlot(options.slot);
            place = position == null ? Lsn.ZERO : position.restartLsn();
        }
        return (place.isZero() ? cursor.identifySystem().position() : place).segmentStart(cursor.walSegmentSize());
    }
}
