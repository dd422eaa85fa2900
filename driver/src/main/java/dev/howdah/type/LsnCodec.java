package dev.howdah.type;

import dev.howdah.wire.WireReader;

/** {@code pg_lsn}: 8 bytes, unsigned. */
final class LsnCodec extends ParsedCodec<Lsn> {

    LsnCodec() {
        super(Lsn.class, Lsn::parse);
    }

    @Override
    public int fixedLength() {
        return Long.BYTES;
    }

    @Override
    Lsn read(WireReader in) {
        return Lsn.of(in.int64());
    }

    @Override
    public void encodeBinary(Lsn value, ValueWriter out) {
        out.int64(value.asLong());
    }
}
