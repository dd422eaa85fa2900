package dev.howdah.type;

import dev.howdah.wire.WireReader;
import org.jspecify.annotations.Nullable;

/** Reads ranges whose bounds another reader reads. */
record RangeReader<T>(ValueReader<T> bound) implements ValueReader<Range<T>> {

    static final int EMPTY = 0x01;
    static final int LOWER_INCLUSIVE = 0x02;
    static final int UPPER_INCLUSIVE = 0x04;
    static final int LOWER_UNBOUNDED = 0x08;
    static final int UPPER_UNBOUNDED = 0x10;

    @Override
    public Range<T> binary(byte[] bytes, int offset, int length) {
        require(length >= 1);
        int flags = bytes[offset];
        int end = offset + length;
        int at = offset + 1;
        if ((flags & EMPTY) != 0) {
            require(at == end);
            return Range.empty();
        }
        @Nullable T lower = null;
        if ((flags & LOWER_UNBOUNDED) == 0) {
            int size = size(bytes, at, end);
            lower = bound.binary(bytes, at + 4, size);
            at += 4 + size;
        }
        @Nullable T upper = null;
        if ((flags & UPPER_UNBOUNDED) == 0) {
            int size = size(bytes, at, end);
            upper = bound.binary(bytes, at + 4, size);
            at += 4 + size;
        }
        require(at == end);
        return Range.of(lower, (flags & LOWER_INCLUSIVE) != 0, upper, (flags & UPPER_INCLUSIVE) != 0);
    }

    private static int size(byte[] bytes, int at, int end) {
        require(end - at >= 4);
        int size = WireReader.int32At(bytes, at);
        require(size >= 0 && size <= end - at - 4);
        return size;
    }

    private static void require(boolean sound) {
        if (!sound) {
            throw Refusal.reading(Refusal.MALFORMED);
        }
    }

    @Override
    public Range<T> text(String text) {
        return new RangeText<>(text, bound::text).range();
    }
}
