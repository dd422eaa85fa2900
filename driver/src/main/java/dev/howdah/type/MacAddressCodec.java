package dev.howdah.type;

import dev.howdah.wire.WireReader;

/** {@code macaddr} and {@code macaddr8}: 6 or 8 bytes. One is never sent as the other. */
final class MacAddressCodec extends ParsedCodec<MacAddress> {

    private final int byteCount;

    MacAddressCodec(int byteCount) {
        super(MacAddress.class, MacAddress::parse);
        this.byteCount = byteCount;
    }

    @Override
    public int fixedLength() {
        return byteCount;
    }

    @Override
    MacAddress read(WireReader in) {
        return MacAddress.of(in.bytes(byteCount));
    }

    @Override
    public void encodeBinary(MacAddress value, ValueWriter out) {
        byte[] bytes = checked(value).toByteArray();
        out.bytes(bytes, 0, bytes.length);
    }

    @Override
    public String encodeText(MacAddress value) {
        return checked(value).toString();
    }

    private MacAddress checked(MacAddress value) {
        if (value.byteCount() != byteCount) {
            throw Refusal.writing(
                    "the address has " + value.byteCount() + " bytes, the type " + byteCount + "; cast it in the SQL");
        }
        return value;
    }
}
