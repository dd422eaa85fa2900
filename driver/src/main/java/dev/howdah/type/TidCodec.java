package dev.howdah.type;

import dev.howdah.wire.WireReader;

/** {@code tid}: 4 bytes of block and 2 of offset, unsigned. */
final class TidCodec extends ParsedCodec<Tid> {

    TidCodec() {
        super(Tid.class, Tid::parse);
    }

    @Override
    public int fixedLength() {
        return Integer.BYTES + Short.BYTES;
    }

    @Override
    Tid read(WireReader in) {
        return new Tid(in.uint32(), in.uint16());
    }

    @Override
    public void encodeBinary(Tid value, ValueWriter out) {
        out.int32((int) value.block()).int16(value.offset());
    }
}
