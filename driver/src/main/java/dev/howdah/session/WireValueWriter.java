package dev.howdah.session;

import dev.howdah.type.ValueWriter;
import dev.howdah.wire.WireWriter;

/** Lets codecs write into a message without seeing it. */
final class WireValueWriter implements ValueWriter {

    private final WireWriter out;

    WireValueWriter(WireWriter out) {
        this.out = out;
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
