package dev.howdah.type;

import org.jspecify.annotations.Nullable;

/**
 * {@code "char"}: one byte, as a String so that nothing is lost: the empty String is byte 0, as PostgreSQL prints it;
 * else one character from U+0001 to U+00FF whose code is the byte. PostgreSQL 16 and later print bytes from 0x80 on as
 * {@code \ooo}.
 */
final class CharCodec extends BuiltinCodec<String> {

    CharCodec() {
        super(String.class);
    }

    @Override
    public int fixedLength() {
        return 1;
    }

    @Override
    public String decodeBinary(byte[] bytes, int offset, int length) {
        int code = bytes[offset] & 0xff;
        return code == 0 ? "" : String.valueOf((char) code);
    }

    @Override
    public String decodeText(String text) {
        if (text.length() == 4 && text.charAt(0) == '\\') {
            int code = 0;
            for (int i = 1; i < 4; i++) {
                int digit = text.charAt(i) - '0';
                if (digit < 0 || digit > 7) {
                    throw Refusal.reading(Refusal.MALFORMED);
                }
                code = code * 8 + digit;
            }
            return code == 0 ? "" : String.valueOf((char) (code & 0xff));
        }
        if (text.length() > 1 || !text.isEmpty() && text.charAt(0) > 0xff) {
            throw Refusal.reading(Refusal.MALFORMED);
        }
        return text;
    }

    @Override
    public void encodeBinary(String value, ValueWriter out) {
        out.int8(code(value));
    }

    @Override
    public String encodeText(String value) {
        int code = code(value);
        if (code >= 0x80) {
            return "\\" + (code >> 6) + (code >> 3 & 7) + (code & 7);
        }
        return code == 0 ? "" : value;
    }

    @Override
    @Nullable
    String coerce(Object value) {
        if (value instanceof Byte code) {
            return code == 0 ? "" : String.valueOf((char) (code & 0xff));
        }
        return TextCodec.textOf(value);
    }

    private static int code(String value) {
        if (value.isEmpty()) {
            return 0;
        }
        if (value.length() > 1 || value.charAt(0) > 0xff) {
            throw Refusal.writing("\"char\" holds one byte: a character up to U+00FF or none");
        }
        return value.charAt(0);
    }
}
