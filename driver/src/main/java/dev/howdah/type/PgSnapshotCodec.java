package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.util.ArrayList;
import java.util.List;

/** {@code pg_snapshot} and {@code txid_snapshot}: how many transactions were running, xmin, xmax, and those. */
final class PgSnapshotCodec extends ParsedCodec<PgSnapshot> {

    PgSnapshotCodec() {
        super(PgSnapshot.class, PgSnapshot::parse);
    }

    @Override
    PgSnapshot read(WireReader in) {
        int count = count(in, Long.BYTES);
        long xmin = in.int64();
        long xmax = in.int64();
        List<Long> inProgress = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            inProgress.add(in.int64());
        }
        return new PgSnapshot(xmin, xmax, inProgress);
    }

    @Override
    public void encodeBinary(PgSnapshot value, ValueWriter out) {
        out.int32(value.inProgress().size()).int64(value.xmin()).int64(value.xmax());
        for (long xid : value.inProgress()) {
            out.int64(xid);
        }
    }
}
