package dev.howdah.type;

import org.jspecify.annotations.Nullable;

/** {@code jsonb} and {@code jsonpath} as their text: the binary form is a version byte 1 and the text. */
final class JsonbCodec extends BuiltinCodec<String> {

    private static final int VERSION = 1;

    JsonbCodec() {
        super(String.class);
    }

    @Override
    public String decodeBinary(byte[] bytes, int offset, int length) {
        if (length < 1 || bytes[offset] != VERSION) {
            throw Refusal.reading("its binary form is not version 1");
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
