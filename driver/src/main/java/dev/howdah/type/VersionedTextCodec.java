package dev.howdah.type;

import org.jspecify.annotations.Nullable;

/**
 * Types whose binary form is a version number, which is 1, and their text: {@code ltree}, {@code lquery} and
 * {@code ltxtquery}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/ltree.html">ltree</a>
 */
final class VersionedTextCodec extends BuiltinCodec<String> {

    private static final int VERSION = 1;

    VersionedTextCodec() {
        super(String.class);
    }

    @Override
    public String decodeBinary(byte[] bytes, int offset, int length) {
        if (length < 1) {
            throw Refusal.reading(Refusal.MALFORMED);
        } else if (bytes[offset] != VERSION) {
            throw Refusal.reading("its binary form has version " + bytes[offset] + ", only 1 is known");
        }
        return Utf8.decode(bytes, offset + 1, length - 1);
    }

    @Override
    public String decodeText(String text) {
        return text;
    }

    @Override
    public void encodeBinary(String value, ValueWriter out) {
        out.int8(VERSION).utf8(Utf8.checked(value));
    }

    @Override
    public String encodeText(String value) {
        return Utf8.checked(value);
    }

    @Override
    @Nullable
    String coerce(Object value) {
        return TextCodec.textOf(value);
    }
}
