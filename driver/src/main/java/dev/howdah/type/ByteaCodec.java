package dev.howdah.type;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** {@code bytea}: bytes as they are; the text form in hex ({@code bytea_output} hex) or with escapes. */
final class ByteaCodec extends BuiltinCodec<byte[]> {

    ByteaCodec() {
        super(byte[].class);
    }

    @Override
    public byte[] decodeBinary(byte[] bytes, int offset, int length) {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    @Override
    public byte[] decodeText(String text) {
        if (text.startsWith("\\x")) {
            try {
                return HexFormat.of().parseHex(text, 2, text.length());
            } catch (IllegalArgumentException e) {
                throw Refusal.reading(Refusal.MALFORMED);
            }
        }
        return unescape(text);
    }

    private static byte[] unescape(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                out.write(c);
            } else if (text.startsWith("\\\\", i)) {
                out.write('\\');
                i++;
            } else {
                out.write(octal(text, i + 1));
                i += 3;
            }
        }
        return out.toByteArray();
    }

    private static int octal(String text, int from) {
        int code = 0;
        for (int i = from; i < from + 3; i++) {
            int digit = i < text.length() ? text.charAt(i) - '0' : -1;
            if (digit < 0 || digit > 7) {
                throw Refusal.reading(Refusal.MALFORMED);
            }
            code = code * 8 + digit;
        }
        return code;
    }

    @Override
    public void encodeBinary(byte[] value, ValueWriter out) {
        out.bytes(value, 0, value.length);
    }

    @Override
    public String encodeText(byte[] value) {
        return "\\x" + HexFormat.of().formatHex(value);
    }

    @Override
    byte @Nullable [] coerce(Object value) {
        if (value instanceof ByteBuffer buffer) {
            // The caller's position stays where it is.
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(buffer.position(), bytes);
            return bytes;
        }
        return null;
    }
}
