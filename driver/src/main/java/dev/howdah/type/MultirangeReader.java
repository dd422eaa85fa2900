package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.util.ArrayList;
import java.util.List;

/** Reads multiranges. */
record MultirangeReader<T>(RangeReader<T> range) implements ValueReader<Multirange<T>> {

    @Override
    public Multirange<T> binary(byte[] bytes, int offset, int length) {
        int end = offset + length;
        require(length >= 4);
        int count = WireReader.int32At(bytes, offset);
        // Every range takes 5 bytes at least: a lie about their count is found before room is made for them.
        require(count >= 0 && count <= (length - 4) / 5);
        List<Range<T>> ranges = new ArrayList<>(count);
        int at = offset + 4;
        for (int i = 0; i < count; i++) {
            require(end - at >= 4);
            int size = WireReader.int32At(bytes, at);
            at += 4;
            require(size >= 0 && size <= end - at);
            ranges.add(range.binary(bytes, at, size));
            at += size;
        }
        require(at == end);
        return Multirange.of(ranges);
    }

    private static void require(boolean sound) {
        if (!sound) {
            throw Refusal.reading(Refusal.MALFORMED);
        }
    }

    @Override
    public Multirange<T> text(String text) {
        return new RangeText<>(text, range.bound()::text).multirange();
    }
}
