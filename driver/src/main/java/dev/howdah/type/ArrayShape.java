package dev.howdah.type;

import dev.howdah.error.ConversionException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the dimensions of nested collections and Java arrays. A byte[] is one element, never a dimension. */
final class ArrayShape {

    private final int[] dimensions;
    private final List<@Nullable Object> elements = new ArrayList<>();

    private ArrayShape(int[] dimensions) {
        this.dimensions = dimensions;
    }

    /** Lays out a value that stands for an array; refuses everything else and what is ragged. */
    static PgArray<?> of(Object value) {
        if (value instanceof PgArray<?> array) {
            return array;
        }
        if (!isContainer(value)) {
            throw Refusal.writing("there is no such conversion; it takes a Collection, a Java array or PgArray");
        }
        int[] dimensions = new int[PgArray.MAX_DIMENSIONS];
        int depth = 0;
        @Nullable Object level = value;
        while (level != null && isContainer(level)) {
            if (depth == PgArray.MAX_DIMENSIONS) {
                throw Refusal.writing("an array has at most 6 dimensions");
            }
            List<?> items = items(level);
            dimensions[depth++] = items.size();
            level = items.isEmpty() ? null : items.getFirst();
        }
        ArrayShape shape = new ArrayShape(Arrays.copyOf(dimensions, depth));
        shape.collect(value, 0);
        if (shape.elements.isEmpty()) {
            return PgArray.of(List.of());
        }
        int[] lowerBounds = new int[depth];
        Arrays.fill(lowerBounds, 1);
        return PgArray.of(shape.dimensions, lowerBounds, shape.elements);
    }

    private void collect(Object container, int level) {
        List<?> items = items(container);
        if (items.size() != dimensions[level]) {
            throw ragged();
        }
        boolean leaf = level == dimensions.length - 1;
        for (@Nullable Object item : items) {
            boolean nested = item != null && isContainer(item);
            if (leaf == nested) {
                throw ragged();
            }
            if (nested && item != null) {
                collect(item, level + 1);
            } else {
                elements.add(item);
            }
        }
    }

    private static ConversionException ragged() {
        return Refusal.writing("its inner arrays differ in length or depth, which PostgreSQL's arrays cannot");
    }

    /** Returns the class whose objects stand for the values of a primitive type. */
    static Class<?> wrapper(Class<?> primitive) {
        return Array.get(Array.newInstance(primitive, 1), 0).getClass();
    }

    static boolean isContainer(Object value) {
        return value instanceof Collection<?> || value.getClass().isArray() && !(value instanceof byte[]);
    }

    private static List<?> items(Object container) {
        if (container instanceof List<?> list) {
            return list;
        } else if (container instanceof Collection<?> collection) {
            return new ArrayList<>(collection);
        } else if (container instanceof Object[] array) {
            return Arrays.asList(array);
        } else if (container instanceof int[] array) {
            return Arrays.stream(array).boxed().toList();
        } else if (container instanceof long[] array) {
            return Arrays.stream(array).boxed().toList();
        } else if (container instanceof double[] array) {
            return Arrays.stream(array).boxed().toList();
        }
        int length = Array.getLength(container);
        List<Object> boxed = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            boxed.add(Array.get(container, i));
        }
        return boxed;
    }
}
