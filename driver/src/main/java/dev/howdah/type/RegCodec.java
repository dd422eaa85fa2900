package dev.howdah.type;

import org.jspecify.annotations.Nullable;

/**
 * The types that name an object of the catalog, such as {@code regclass}: the name, as text, because the binary form holds
 * only the OID. Takes an OID as a parameter too.
 */
final class RegCodec extends BuiltinCodec<String> {

    private static final long MAX_OID = 0xffff_ffffL;

    RegCodec() {
        super(String.class);
    }

    @Override
    public boolean binary() {
        return false;
    }

    @Override
    public String decodeBinary(byte[] bytes, int offset, int length) {
        throw Refusal.reading("its binary form holds no name; ask for text");
    }

    @Override
    public String decodeText(String text) {
        return text;
    }

    @Override
    public void encodeBinary(String value, ValueWriter out) {
        throw Refusal.writing("its binary form holds no name; send text");
    }

    @Override
    public String encodeText(String value) {
        return Utf8.checked(value);
    }

    @Override
    @Nullable
    String coerce(Object value) {
        if (NumberConversion.isIntegral(value)) {
            long oid = NumberConversion.toLong(value);
            if (oid < 0 || oid > MAX_OID) {
                throw Refusal.writing("the OID is not within 0 to 4294967295");
            }
            return Long.toString(oid);
        }
        return TextCodec.textOf(value);
    }
}
