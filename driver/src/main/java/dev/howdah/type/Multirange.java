package dev.howdah.type;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A set of values given by ranges, in the order given; what the server sends is ordered and its ranges neither touch nor
 * are empty. Immutable as far as the bounds are, and then safe for several threads.
 *
 * <p>Two are equal if their ranges are, one by one; see {@link Range} for what that means.
 *
 * @param <T> the class of the bounds
 * @see <a href="https://www.postgresql.org/docs/current/rangetypes.html">Range types</a>
 */
public final class Multirange<T> implements Iterable<Range<T>> {

    private final List<Range<T>> ranges;

    private Multirange(List<Range<T>> ranges) {
        this.ranges = List.copyOf(ranges);
    }

    /**
     * Makes a multirange; the server will order and join the ranges.
     *
     * @param <T> the class of the bounds
     * @param ranges the ranges; copied
     * @return never null
     */
    public static <T> Multirange<T> of(List<Range<T>> ranges) {
        return new Multirange<>(ranges);
    }

    /**
     * Makes a multirange; the server will order and join the ranges.
     *
     * @param <T> the class of the bounds
     * @param ranges the ranges; copied
     * @return never null
     */
    @SafeVarargs
    public static <T> Multirange<T> of(Range<T>... ranges) {
        List<Range<T>> list = new ArrayList<>(ranges.length);
        for (Range<T> range : ranges) {
            list.add(range);
        }
        return new Multirange<>(list);
    }

    /** {@return the ranges; unmodifiable} */
    public List<Range<T>> ranges() {
        return ranges;
    }

    /** {@return whether no range is there, or only empty ones} */
    public boolean isEmpty() {
        return ranges.stream().allMatch(Range::isEmpty);
    }

    /**
     * Tells whether a value lies within one of the ranges, as {@link Range#contains(Object)} does.
     *
     * @param value the value
     * @return true if it does
     * @throws IllegalArgumentException if the class has no natural order
     */
    public boolean contains(T value) {
        return ranges.stream().anyMatch(range -> range.contains(value));
    }

    /** Goes through the ranges in their order. */
    @Override
    public Iterator<Range<T>> iterator() {
        return ranges.iterator();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Multirange<?> multirange && ranges.equals(multirange.ranges);
    }

    @Override
    public int hashCode() {
        return ranges.hashCode();
    }

    /** Returns the text form of PostgreSQL, such as <code>{[1,3),[7,9)}</code>; its ranges as {@link Range#toString} has them. */
    @Override
    public String toString() {
        return ranges.stream().map(Range::toString).collect(Collectors.joining(",", "{", "}"));
    }
}
