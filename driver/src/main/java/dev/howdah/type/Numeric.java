package dev.howdah.type;

import java.io.Serial;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value of PostgreSQL's {@code numeric}: a finite decimal, NaN, Infinity (PostgreSQL 14 and later) or -Infinity.
 * Immutable.
 *
 * <p>Ordered and compared as PostgreSQL does: -Infinity, the finite values, Infinity, NaN; NaN equals NaN, and the scale
 * does not count: 1.0 equals 1.00. {@link #toBigDecimal()} keeps the scale.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-NUMERIC-DECIMAL">numeric</a>
 */
public final class Numeric extends Number implements Comparable<Numeric> {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Not a number. */
    public static final Numeric NAN = new Numeric(2, null);
    /** Greater than every finite value. */
    public static final Numeric POSITIVE_INFINITY = new Numeric(1, null);
    /** Less than every finite value. */
    public static final Numeric NEGATIVE_INFINITY = new Numeric(-1, null);

    /** -1 for -Infinity, 0 for finite values, 1 for Infinity, 2 for NaN. */
    private final int rank;

    private final @Nullable BigDecimal finite;

    private Numeric(int rank, @Nullable BigDecimal finite) {
        this.rank = rank;
        this.finite = finite;
    }

    /**
     * Makes a finite value.
     *
     * @param value the value, never null
     * @return never null
     */
    public static Numeric of(BigDecimal value) {
        return new Numeric(0, Objects.requireNonNull(value, "value"));
    }

    /**
     * Reads the text form: a decimal, {@code NaN}, {@code Infinity} or {@code -Infinity}.
     *
     * @param text the text
     * @return never null
     * @throws NumberFormatException if it is none of these
     */
    public static Numeric parse(String text) {
        return switch (text) {
            case "NaN" -> NAN;
            case "Infinity" -> POSITIVE_INFINITY;
            case "-Infinity" -> NEGATIVE_INFINITY;
            default -> of(new BigDecimal(text));
        };
    }

    /** {@return whether the value is neither NaN nor infinite} */
    public boolean isFinite() {
        return finite != null;
    }

    /** {@return whether the value is NaN} */
    public boolean isNaN() {
        return rank == 2;
    }

    /**
     * {@return the value with its scale}
     *
     * @throws dev.howdah.error.ConversionException if it is NaN or infinite
     */
    public BigDecimal toBigDecimal() {
        if (finite == null) {
            throw NumberConversion.notFinite();
        }
        return finite;
    }

    /** Returns the value cut to 32 bits as {@link BigDecimal#intValue()} does; 0 if it is not finite. */
    @Override
    public int intValue() {
        return finite == null ? 0 : finite.intValue();
    }

    /** Returns the value cut to 64 bits as {@link BigDecimal#longValue()} does; 0 if it is not finite. */
    @Override
    public long longValue() {
        return finite == null ? 0 : finite.longValue();
    }

    /** Returns the nearest float; NaN and infinities stay what they are. */
    @Override
    public float floatValue() {
        return finite == null ? (float) doubleValue() : finite.floatValue();
    }

    /** Returns the nearest double; NaN and infinities stay what they are. */
    @Override
    public double doubleValue() {
        return switch (rank) {
            case 2 -> Double.NaN;
            case 1 -> Double.POSITIVE_INFINITY;
            case -1 -> Double.NEGATIVE_INFINITY;
            default -> toBigDecimal().doubleValue();
        };
    }

    @Override
    public int compareTo(Numeric other) {
        if (finite != null && other.finite != null) {
            return finite.compareTo(other.finite);
        }
        return Integer.compare(rank, other.rank);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Numeric numeric && compareTo(numeric) == 0;
    }

    @Override
    public int hashCode() {
        return finite == null ? rank : finite.stripTrailingZeros().hashCode();
    }

    /** Returns the value as PostgreSQL prints it. */
    @Override
    public String toString() {
        return switch (rank) {
            case 2 -> "NaN";
            case 1 -> "Infinity";
            case -1 -> "-Infinity";
            default -> toBigDecimal().toPlainString();
        };
    }
}
