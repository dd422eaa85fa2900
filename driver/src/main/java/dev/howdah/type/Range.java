package dev.howdah.type;

import java.time.OffsetDateTime;
import java.time.chrono.ChronoZonedDateTime;
import java.util.Comparator;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A range of values, as PostgreSQL has it: each bound within the range, outside of it, or absent; or no value at all.
 * Immutable as far as its bounds are, and then safe for several threads.
 *
 * <p>An absent bound is not infinity: of types that have one, {@code [2024-01-01,infinity]} and {@code [2024-01-01,)}
 * are two ranges, here as in PostgreSQL.
 *
 * <p>Two ranges are equal if they are empty, or if their bounds are equal and lie within or outside alike. What the same
 * values in other words is, the server alone knows: it turns {@code [1,5]} of {@code int4range} into {@code [1,6)}, so
 * that a range that comes back need not be equal to the one sent. That the lower bound is not above the upper one, the
 * server checks too.
 *
 * @param <T> the class of the bounds
 * @see <a href="https://www.postgresql.org/docs/current/rangetypes.html">Range types</a>
 */
public final class Range<T> {

    private static final Range<Object> EMPTY = new Range<>(null, false, null, false, true);

    private final @Nullable T lower;
    private final @Nullable T upper;
    private final boolean lowerInclusive;
    private final boolean upperInclusive;
    private final boolean empty;

    private Range(@Nullable T lower, boolean lowerInclusive, @Nullable T upper, boolean upperInclusive, boolean empty) {
        this.lower = lower;
        this.upper = upper;
        this.lowerInclusive = lowerInclusive && lower != null;
        this.upperInclusive = upperInclusive && upper != null;
        this.empty = empty;
    }

    /**
     * Makes a range that is not said to be empty.
     *
     * @param <T> the class of the bounds
     * @param lower the lower bound, null if there is none
     * @param lowerInclusive whether the lower bound lies within; an absent one does not, whatever is said
     * @param upper the upper bound, null if there is none
     * @param upperInclusive whether the upper bound lies within; an absent one does not, whatever is said
     * @return never null
     */
    public static <T> Range<T> of(
            @Nullable T lower, boolean lowerInclusive, @Nullable T upper, boolean upperInclusive) {
        return new Range<>(lower, lowerInclusive, upper, upperInclusive, false);
    }

    /**
     * Makes a range as PostgreSQL's constructor functions do.
     *
     * @param <T> the class of the bounds
     * @param lower the lower bound, null if there is none
     * @param upper the upper bound, null if there is none
     * @param bounds one of {@code [)}, {@code []}, {@code (]} and {@code ()}
     * @return never null
     * @throws IllegalArgumentException if {@code bounds} is something else
     */
    public static <T> Range<T> of(@Nullable T lower, @Nullable T upper, String bounds) {
        return switch (bounds) {
            case "[)" -> of(lower, true, upper, false);
            case "[]" -> of(lower, true, upper, true);
            case "(]" -> of(lower, false, upper, true);
            case "()" -> of(lower, false, upper, false);
            default -> throw new IllegalArgumentException("the bounds are none of [) [] (] ()");
        };
    }

    /** {@return the range {@code [lower,upper]}: both bounds within} */
    public static <T> Range<T> closed(T lower, T upper) {
        return of(present(lower), true, present(upper), true);
    }

    /** {@return the range {@code [lower,upper)}: the lower bound within, the upper one not} */
    public static <T> Range<T> closedOpen(T lower, T upper) {
        return of(present(lower), true, present(upper), false);
    }

    /** {@return the range {@code (lower,upper]}: the upper bound within, the lower one not} */
    public static <T> Range<T> openClosed(T lower, T upper) {
        return of(present(lower), false, present(upper), true);
    }

    /** {@return the range {@code (lower,upper)}: no bound within} */
    public static <T> Range<T> open(T lower, T upper) {
        return of(present(lower), false, present(upper), false);
    }

    /** {@return the range {@code [lower,)}} */
    public static <T> Range<T> atLeast(T lower) {
        return of(present(lower), true, null, false);
    }

    /** {@return the range {@code (lower,)}} */
    public static <T> Range<T> greaterThan(T lower) {
        return of(present(lower), false, null, false);
    }

    /** {@return the range {@code (,upper]}} */
    public static <T> Range<T> atMost(T upper) {
        return of(null, false, present(upper), true);
    }

    /** {@return the range {@code (,upper)}} */
    public static <T> Range<T> lessThan(T upper) {
        return of(null, false, present(upper), false);
    }

    /** {@return the range {@code (,)}, which holds every value} */
    public static <T> Range<T> all() {
        return of(null, false, null, false);
    }

    /** {@return the range {@code empty}, which holds no value} */
    @SuppressWarnings("unchecked") // it holds nothing of any class
    public static <T> Range<T> empty() {
        return (Range<T>) EMPTY;
    }

    private static <T> T present(T bound) {
        return Objects.requireNonNull(bound, "bound");
    }

    /**
     * Reads a range from the text form of PostgreSQL, which {@link #toString} writes.
     *
     * @param <T> the class of the bounds
     * @param text the text, such as {@code [1,5)} or {@code empty}
     * @param bound reads one bound from its text
     * @return never null
     * @throws dev.howdah.error.ConversionException if the text is not a range; what {@code bound} throws passes
     */
    public static <T> Range<T> parse(String text, Function<String, T> bound) {
        return new RangeText<>(text, bound).range();
    }

    /** {@return the lower bound, null if there is none or the range is empty} */
    public @Nullable T lower() {
        return lower;
    }

    /** {@return the upper bound, null if there is none or the range is empty} */
    public @Nullable T upper() {
        return upper;
    }

    /** {@return whether there is a lower bound and it lies within} */
    public boolean lowerInclusive() {
        return lowerInclusive;
    }

    /** {@return whether there is an upper bound and it lies within} */
    public boolean upperInclusive() {
        return upperInclusive;
    }

    /** {@return whether the range reaches down without bound; false if it is empty} */
    public boolean lowerUnbounded() {
        return !empty && lower == null;
    }

    /** {@return whether the range reaches up without bound; false if it is empty} */
    public boolean upperUnbounded() {
        return !empty && upper == null;
    }

    /** {@return whether this is the range {@code empty}; one such as {@code (1,2)} of integers becomes it in the server} */
    public boolean isEmpty() {
        return empty;
    }

    /**
     * Tells whether a value lies within, in the natural order of its class; values of {@link OffsetDateTime} and
     * {@link java.time.ZonedDateTime} go by their instant, as in PostgreSQL.
     *
     * @param value the value
     * @return true if it does
     * @throws IllegalArgumentException if the class has no natural order; give a {@link Comparator} then
     */
    public boolean contains(T value) {
        return contains(value, Range::compare);
    }

    /**
     * Tells whether a value lies within.
     *
     * @param value the value
     * @param order how values compare; PostgreSQL's own order of texts depends on the collation
     * @return true if it does
     */
    public boolean contains(T value, Comparator<? super T> order) {
        Objects.requireNonNull(value, "value");
        if (empty) {
            return false;
        }
        @Nullable T from = lower;
        if (from != null) {
            int above = order.compare(value, from);
            if (above < 0 || above == 0 && !lowerInclusive) {
                return false;
            }
        }
        @Nullable T to = upper;
        if (to != null) {
            int above = order.compare(value, to);
            return above < 0 || above == 0 && upperInclusive;
        }
        return true;
    }

    @SuppressWarnings("unchecked") // both are of the class of the bounds
    private static <T> int compare(T left, T right) {
        if (left instanceof OffsetDateTime one && right instanceof OffsetDateTime other) {
            return OffsetDateTime.timeLineOrder().compare(one, other);
        } else if (left instanceof ChronoZonedDateTime<?> one && right instanceof ChronoZonedDateTime<?> other) {
            return ChronoZonedDateTime.timeLineOrder().compare(one, other);
        } else if (left instanceof Comparable<?> comparable) {
            return ((Comparable<T>) comparable).compareTo(right);
        }
        throw new IllegalArgumentException(
                left.getClass().getTypeName() + " has no natural order; call contains with a Comparator");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Range<?> range
                && empty == range.empty
                && lowerInclusive == range.lowerInclusive
                && upperInclusive == range.upperInclusive
                && Objects.equals(lower, range.lower)
                && Objects.equals(upper, range.upper);
    }

    @Override
    public int hashCode() {
        return Objects.hash(lower, upper, lowerInclusive, upperInclusive, empty);
    }

    /**
     * Returns the text form of PostgreSQL, with the bounds as their own {@code toString} has them, in double quotes where
     * the form wants it. How the server itself prints a range, down to its bounds, one finds by reading it as String.
     */
    @Override
    public String toString() {
        return RangeText.print(this, Object::toString);
    }
}
