package dev.howdah.type;

import dev.howdah.wire.WireWriter;
import java.util.HexFormat;

/** Collects what an encoder writes. */
final class ValueBytes implements ValueWriter {

    private final WireWriter out = new WireWriter(64);

    static byte[] of(ParameterEncoder encoder, Object value) {
        ValueBytes bytes = new ValueBytes();
        encoder.encode(value, bytes);
        return bytes.out.toByteArray();
    }

    static <T> byte[] of(Codec<T> codec, T value) {
        ValueBytes bytes = new ValueBytes();
        codec.encodeBinary(value, bytes);
        return bytes.out.toByteArray();
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public ValueWriter int8(int value) {
        out.int8(value);
        return this;
    }

    @Override
    public ValueWriter int16(int value) {
        out.int16(value);
        return this;
    }

    @Override
    public ValueWriter int32(int value) {
        out.int32(value);
        return this;
    }

    @Override
    public ValueWriter int64(long value) {
        out.int64(value);
        return this;
    }

    @Override
    public ValueWriter bytes(byte[] source, int offset, int length) {
        out.bytes(source, offset, length);
        return this;
    }

    @Override
    public ValueWriter utf8(String text) {
        out.utf8(text);
        return this;
    }

    @Override
    public int beginValue() {
        return out.beginValue();
    }

    @Override
    public void endValue(int mark) {
        out.endValue(mark);
    }

    @Override
    public ValueWriter nullValue() {
        out.nullValue();
        return this;
    }
}
