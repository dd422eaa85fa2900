package dev.howdah.type;

import dev.howdah.wire.WireReader;

/** {@code bit} and {@code varbit}: how many bits, and the bytes that hold them. */
final class BitStringCodec extends ParsedCodec<BitString> {

    BitStringCodec() {
        super(BitString.class, BitString::parse);
    }

    @Override
    BitString read(WireReader in) {
        int length = in.int32();
        require(length >= 0 && BitString.byteCount(length) == in.remaining());
        return BitString.of(in.bytes(in.remaining()), length);
    }

    @Override
    public void encodeBinary(BitString value, ValueWriter out) {
        byte[] bytes = value.toByteArray();
        out.int32(value.length()).bytes(bytes, 0, bytes.length);
    }
}
