package dev.howdah.type;

import java.lang.reflect.Array;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Java's own arrays made of PostgreSQL's. */
final class JavaArrays {

    private JavaArrays() {}

    /**
     * Makes a Java array.
     *
     * @param component the class of the elements, primitive or not
     * @param depth how many dimensions the Java array has
     */
    static Object of(PgArray<?> array, Class<?> component, int depth) {
        int[] dimensions = array.dimensions();
        if (dimensions.length == 0) {
            return Array.newInstance(component, new int[depth]);
        }
        array.requireLowerBoundsOne("Java array");
        if (dimensions.length != depth) {
            throw Refusal.reading("the array has " + dimensions.length + " dimensions where " + depth + " are due");
        }
        Object result = Array.newInstance(component, dimensions);
        fill(result, array.elements(), 0, dimensions, 0, component.isPrimitive());
        return result;
    }

    private static int fill(Object target, List<?> elements, int from, int[] dimensions, int level, boolean primitive) {
        int index = from;
        for (int i = 0; i < dimensions[level]; i++) {
            if (level < dimensions.length - 1) {
                index = fill(Array.get(target, i), elements, index, dimensions, level + 1, primitive);
                continue;
            }
            @Nullable Object element = elements.get(index);
            if (element == null && primitive) {
                throw Refusal.reading("element " + index + " (from 0) is NULL, which a primitive cannot be");
            }
            Array.set(target, i, element);
            index++;
        }
        return index;
    }
}
