package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads arrays of elements that another reader reads. */
record ArrayReader<E>(ValueReader<E> element, char delimiter) implements ValueReader<PgArray<E>> {

    /** Count of dimensions, flag for NULLs, OID of the elements. */
    private static final int HEADER = 12;

    @Override
    public PgArray<E> binary(byte[] bytes, int offset, int length) {
        int end = offset + length;
        require(length >= HEADER);
        int depth = WireReader.int32At(bytes, offset);
        require(depth >= 0 && depth <= PgArray.MAX_DIMENSIONS && length >= HEADER + 8 * depth);
        int at = offset + HEADER;
        int[] dimensions = new int[depth];
        int[] lowerBounds = new int[depth];
        long count = depth == 0 ? 0 : 1;
        for (int i = 0; i < depth; i++) {
            dimensions[i] = WireReader.int32At(bytes, at);
            lowerBounds[i] = WireReader.int32At(bytes, at + 4);
            at += 8;
            require(dimensions[i] > 0);
            count *= dimensions[i];
            // Every element takes 4 bytes at least: a lie about their count is found before room is made for them.
            require(count <= length / 4);
        }
        List<@Nullable E> elements = new ArrayList<>((int) count);
        for (int i = 0; i < count; i++) {
            require(end - at >= 4);
            int size = WireReader.int32At(bytes, at);
            at += 4;
            if (size == -1) {
                elements.add(element.whenNull());
            } else {
                require(size >= 0 && size <= end - at);
                elements.add(element.binary(bytes, at, size));
                at += size;
            }
        }
        require(at == end);
        return PgArray.of(dimensions, lowerBounds, elements);
    }

    @Override
    public PgArray<E> text(String text) {
        PgArray<E> array = new ArrayText<>(text, delimiter, element::text).read();
        @Nullable E instead = element.whenNull();
        if (instead == null || !array.elements().contains(null)) {
            return array;
        }
        List<@Nullable E> elements = new ArrayList<>(array.elements());
        elements.replaceAll(value -> value == null ? instead : value);
        return PgArray.of(array.dimensions(), array.lowerBounds(), elements);
    }

    private static void require(boolean sound) {
        if (!sound) {
            throw Refusal.reading(Refusal.MALFORMED);
        }
    }
}
