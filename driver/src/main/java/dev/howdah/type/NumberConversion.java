package dev.howdah.type;

import dev.howdah.error.ConversionException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Numbers into other classes of number: never a wrong value, else an exception. */
final class NumberConversion {

    private NumberConversion() {}

    /** Returns whether the value is of a class that holds only whole numbers. */
    static boolean isIntegral(Object value) {
        return value instanceof Integer
                || value instanceof Long
                || value instanceof Short
                || value instanceof Byte
                || value instanceof BigInteger
                || value instanceof AtomicInteger
                || value instanceof AtomicLong;
    }

    /** Returns whether the number is finite by its class or its value. */
    static boolean isExact(Number number) {
        if (number instanceof Double || number instanceof Float) {
            return Double.isFinite(number.doubleValue());
        }
        return !(number instanceof Numeric numeric) || numeric.isFinite();
    }

    /** Returns whether a number that is next to 0 is 0. */
    static boolean isZero(Number number) {
        return switch (number) {
            case BigDecimal exact -> exact.signum() == 0;
            case Numeric numeric -> numeric.toBigDecimal().signum() == 0;
            default -> number.doubleValue() == 0;
        };
    }

    static Short toShort(Object whole) {
        long value = toLong(whole);
        if (value != (short) value) {
            throw Refusal.writing("the value is out of range for 2 bytes");
        }
        return (short) value;
    }

    static Integer toInt(Object whole) {
        long value = toLong(whole);
        if (value != (int) value) {
            throw Refusal.writing("the value is out of range for 4 bytes");
        }
        return (int) value;
    }

    static Long toLong(Object whole) {
        if (whole instanceof BigInteger big) {
            if (big.bitLength() > 63) {
                throw Refusal.writing("the value is out of range for 8 bytes");
            }
            return big.longValue();
        }
        return ((Number) whole).longValue();
    }

    /** Returns how to read a number as {@code target}, null if that is no class of number known here. */
    static @Nullable Function<Number, Object> reading(Class<?> target) {
        if (target == Long.class) {
            return n -> whole(n, Long.MIN_VALUE, Long.MAX_VALUE);
        } else if (target == Integer.class) {
            return n -> (int) whole(n, Integer.MIN_VALUE, Integer.MAX_VALUE);
        } else if (target == Short.class) {
            return n -> (short) whole(n, Short.MIN_VALUE, Short.MAX_VALUE);
        } else if (target == Byte.class) {
            return n -> (byte) whole(n, Byte.MIN_VALUE, Byte.MAX_VALUE);
        } else if (target == Double.class) {
            return NumberConversion::toDouble;
        } else if (target == Float.class) {
            return NumberConversion::toFloat;
        } else if (target == BigDecimal.class) {
            return NumberConversion::decimal;
        } else if (target == BigInteger.class) {
            return NumberConversion::bigInteger;
        } else if (target == Numeric.class) {
            return NumberConversion::numeric;
        }
        return null;
    }

    private static long whole(Number n, long min, long max) {
        long value = isIntegral(n) && !(n instanceof BigInteger) ? n.longValue() : longOf(bigInteger(n));
        if (value < min || value > max) {
            throw Refusal.reading(Refusal.OUT_OF_RANGE);
        }
        return value;
    }

    private static long longOf(BigInteger big) {
        if (big.bitLength() > 63) {
            throw Refusal.reading(Refusal.OUT_OF_RANGE);
        }
        return big.longValue();
    }

    private static BigInteger bigInteger(Number n) {
        if (isIntegral(n)) {
            return n instanceof BigInteger big ? big : BigInteger.valueOf(n.longValue());
        }
        try {
            return decimal(n).toBigIntegerExact();
        } catch (ArithmeticException e) {
            throw Refusal.reading("the value is not a whole number");
        }
    }

    private static Double toDouble(Number n) {
        double value = n.doubleValue();
        if (n instanceof Long && (value == 0x1p63 || (long) value != n.longValue())
                || n instanceof BigInteger big && !big.equals(new BigDecimal(value).toBigInteger())) {
            throw Refusal.reading("the value has more digits than a double");
        }
        if (Double.isInfinite(value) && isExact(n)) {
            throw Refusal.reading(Refusal.OUT_OF_RANGE);
        }
        return value;
    }

    private static Float toFloat(Number n) {
        float value = n.floatValue();
        if (n instanceof Long || n instanceof Integer) {
            if ((double) value >= 0x1p63 || (long) value != n.longValue()) {
                throw Refusal.reading("the value has more digits than a float");
            }
        } else if (n instanceof BigInteger big && !big.equals(new BigDecimal(value).toBigInteger())) {
            throw Refusal.reading("the value has more digits than a float");
        } else if (n instanceof Double d && Double.compare(value, d) != 0 && !Double.isNaN(d)) {
            throw Refusal.reading("the value has more digits than a float");
        } else if (Float.isInfinite(value) && isExact(n)) {
            throw Refusal.reading(Refusal.OUT_OF_RANGE);
        }
        return value;
    }

    /** Floating-point numbers become the shortest decimal that reads back the same. */
    private static BigDecimal decimal(Number n) {
        if (n instanceof Numeric numeric) {
            return numeric.toBigDecimal();
        }
        if (!isExact(n)) {
            throw notFinite();
        }
        return n instanceof BigInteger big ? new BigDecimal(big) : new BigDecimal(n.toString());
    }

    /** Any Number as a numeric; floating-point numbers become the shortest decimal that reads back the same. */
    static Numeric numeric(Number n) {
        if (n instanceof Numeric numeric) {
            return numeric;
        }
        if (n instanceof Double || n instanceof Float) {
            double value = n.doubleValue();
            if (Double.isNaN(value)) {
                return Numeric.NAN;
            } else if (Double.isInfinite(value)) {
                return value > 0 ? Numeric.POSITIVE_INFINITY : Numeric.NEGATIVE_INFINITY;
            }
        }
        if (n instanceof BigDecimal exact) {
            return Numeric.of(exact);
        }
        return Numeric.of(n instanceof BigInteger big ? new BigDecimal(big) : new BigDecimal(n.toString()));
    }

    static ConversionException notFinite() {
        return Refusal.reading("the value is NaN or infinite; read it as dev.howdah.type.Numeric, Double or String");
    }
}
