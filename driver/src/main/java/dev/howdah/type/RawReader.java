package dev.howdah.type;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads text as the bytes that the server sent, whatever their encoding. */
final class RawReader implements ValueReader<byte[]> {

    @Override
    public byte[] binary(byte[] bytes, int offset, int length) {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    @Override
    public byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
