package dev.howdah.type;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array as PostgreSQL has it: up to 6 dimensions, each with its own lower bound. Immutable, as far as its elements are.
 *
 * <p>A {@link List} does for arrays that begin at 1, which nearly all do; this class also keeps other lower bounds.
 *
 * @param <T> the class of the elements
 * @see <a href="https://www.postgresql.org/docs/current/arrays.html">Arrays</a>
 */
public final class PgArray<T> {

    /** So many dimensions an array may have at most. */
    public static final int MAX_DIMENSIONS = 6;

    private final int[] dimensions;
    private final int[] lowerBounds;
    private final List<@Nullable T> elements;

    private PgArray(int[] dimensions, int[] lowerBounds, List<@Nullable T> elements) {
        this.dimensions = dimensions;
        this.lowerBounds = lowerBounds;
        this.elements = elements;
    }

    /**
     * Makes an array.
     *
     * @param <T> the class of the values
     * @param dimensions how many elements each dimension has, the outermost first; none for an empty array
     * @param lowerBounds the subscript of the first element of each dimension
     * @param elements all elements, the last subscript running fastest; null stands for NULL; copied
     * @return never null
     * @throws IllegalArgumentException if the numbers do not fit together
     */
    public static <T> PgArray<T> of(int[] dimensions, int[] lowerBounds, List<? extends @Nullable T> elements) {
        if (dimensions.length > MAX_DIMENSIONS) {
            throw new IllegalArgumentException("an array has at most " + MAX_DIMENSIONS + " dimensions");
        }
        if (dimensions.length != lowerBounds.length) {
            throw new IllegalArgumentException("each dimension needs its lower bound");
        }
        long count = dimensions.length == 0 ? 0 : 1;
        for (int i = 0; i < dimensions.length; i++) {
            if (dimensions[i] <= 0 || (long) lowerBounds[i] + dimensions[i] - 1 > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("a dimension is empty or ends beyond the largest subscript");
            }
            count *= dimensions[i];
            if (count > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("an array has too many elements");
            }
        }
        if (count != elements.size()) {
            throw new IllegalArgumentException(
                    "the dimensions stand for " + count + " elements, there are " + elements.size());
        }
        return new PgArray<>(
                dimensions.clone(), lowerBounds.clone(), Collections.unmodifiableList(new ArrayList<>(elements)));
    }

    /**
     * Makes an array of one dimension that begins at 1; without elements it has no dimension.
     *
     * @param <T> the class of the values
     * @param elements the elements; null stands for NULL; copied
     * @return never null
     */
    public static <T> PgArray<T> of(List<? extends @Nullable T> elements) {
        return elements.isEmpty()
                ? of(new int[0], new int[0], elements)
                : of(new int[] {elements.size()}, new int[] {1}, elements);
    }

    /** {@return how many elements each dimension has, the outermost first; empty for an empty array} */
    public int[] dimensions() {
        return dimensions.clone();
    }

    /** {@return the subscript of the first element of each dimension} */
    public int[] lowerBounds() {
        return lowerBounds.clone();
    }

    /** {@return all elements, the last subscript running fastest; null stands for NULL} */
    public List<@Nullable T> elements() {
        return elements;
    }

    /**
     * {@return one element, null if it is NULL}
     *
     * @param subscripts one for each dimension, counted from its lower bound, as in SQL
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public @Nullable T get(int... subscripts) {
        if (subscripts.length != dimensions.length || subscripts.length == 0) {
            throw new IndexOutOfBoundsException(
                    "the array has " + dimensions.length + " dimensions, not " + subscripts.length);
        }
        int index = 0;
        for (int i = 0; i < subscripts.length; i++) {
            long inDimension = (long) subscripts[i] - lowerBounds[i];
            if (inDimension < 0 || inDimension >= dimensions[i]) {
                throw new IndexOutOfBoundsException("subscript " + subscripts[i] + " of dimension " + (i + 1)
                        + " is not within " + lowerBounds[i] + " to " + (lowerBounds[i] + dimensions[i] - 1));
            }
            index = index * dimensions[i] + (int) inDimension;
        }
        return elements.get(index);
    }

    /**
     * {@return the elements as lists, one within the other for each dimension; unmodifiable}
     *
     * @throws dev.howdah.error.ConversionException if a dimension does not begin at 1
     */
    public List<@Nullable Object> toList() {
        requireLowerBoundsOne("List");
        return elements.isEmpty() ? List.of() : nested(0, 0, elements.size());
    }

    private List<@Nullable Object> nested(int dimension, int from, int to) {
        if (dimension == dimensions.length - 1) {
            return Collections.unmodifiableList(elements.subList(from, to));
        }
        int step = (to - from) / dimensions[dimension];
        List<@Nullable Object> list = new ArrayList<>(dimensions[dimension]);
        for (int i = from; i < to; i += step) {
            list.add(nested(dimension + 1, i, i + step));
        }
        return Collections.unmodifiableList(list);
    }

    /** Refuses to lose lower bounds. */
    void requireLowerBoundsOne(String what) {
        for (int bound : lowerBounds) {
            if (bound != 1) {
                throw Refusal.reading("the array does not begin at subscript 1, which a " + what
                        + " cannot tell; read it as dev.howdah.type.PgArray");
            }
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PgArray<?> array
                && Arrays.equals(dimensions, array.dimensions)
                && Arrays.equals(lowerBounds, array.lowerBounds)
                && elements.equals(array.elements);
    }

    @Override
    public int hashCode() {
        return (Arrays.hashCode(dimensions) * 31 + Arrays.hashCode(lowerBounds)) * 31 + elements.hashCode();
    }

    /** Returns dimensions and bounds as in {@code [1:2][0:3]} and the elements as one list. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < dimensions.length; i++) {
            out.append('[').append(lowerBounds[i]).append(':');
            out.append(lowerBounds[i] + dimensions[i] - 1).append(']');
        }
        return out.append(elements).toString();
    }
}
