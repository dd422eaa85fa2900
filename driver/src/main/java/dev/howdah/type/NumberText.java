package dev.howdah.type;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.function.Predicate;

/** Numbers as PostgreSQL prints them. */
final class NumberText {

    private static final String NOT_A_NUMBER = "the text is not a number of this type";

    private NumberText() {}

    static short int2(String text) {
        try {
            return Short.parseShort(text);
        } catch (NumberFormatException e) {
            throw Refusal.reading(NOT_A_NUMBER);
        }
    }

    static int int4(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw Refusal.reading(NOT_A_NUMBER);
        }
    }

    static long int8(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Refusal.reading(NOT_A_NUMBER);
        }
    }

    static BigDecimal numeric(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw Refusal.reading(NOT_A_NUMBER);
        }
    }

    static double float8(String text) {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> {
                try {
                    yield Double.parseDouble(text);
                } catch (NumberFormatException e) {
                    throw Refusal.reading(NOT_A_NUMBER);
                }
            }
        };
    }

    static float float4(String text) {
        return switch (text) {
            case "NaN" -> Float.NaN;
            case "Infinity" -> Float.POSITIVE_INFINITY;
            case "-Infinity" -> Float.NEGATIVE_INFINITY;
            default -> {
                try {
                    yield Float.parseFloat(text);
                } catch (NumberFormatException e) {
                    throw Refusal.reading(NOT_A_NUMBER);
                }
            }
        };
    }

    /** Prints the fewest digits that read back the same, in the layout of PostgreSQL's {@code float8}. */
    static String print(double value) {
        String shortest = Double.toString(value);
        if (Math.abs(value) >= 0x1p53 && Math.abs(value) < Double.MAX_VALUE) {
            BigDecimal up = new BigDecimal(Math.nextUp(value));
            shortest = withinHalf(shortest, new BigDecimal(value), up, new BigDecimal(Math.nextDown(value)));
        }
        return print(shortest, 15, shorter -> shorter.doubleValue() == value);
    }

    /** Prints the fewest digits that read back the same, in the layout of PostgreSQL's {@code float4}. */
    static String print(float value) {
        String shortest = Float.toString(value);
        if (Math.abs(value) >= 0x1p24f && Math.abs(value) < Float.MAX_VALUE) {
            BigDecimal up = new BigDecimal(Math.nextUp(value));
            shortest = withinHalf(shortest, new BigDecimal(value), up, new BigDecimal(Math.nextDown(value)));
        }
        return print(shortest, 6, shorter -> shorter.floatValue() == value);
    }

    /**
     * Java takes digits that lie just between two numbers where rounding to even reads them back, as in 1e23; PostgreSQL
     * prints more digits then. Below the numbers that are all whole there are no such digits.
     */
    private static String withinHalf(String shortest, BigDecimal exact, BigDecimal up, BigDecimal down) {
        BigDecimal candidate = new BigDecimal(shortest);
        BigDecimal neighbour = candidate.compareTo(exact) > 0 ? up : down;
        BigDecimal distance = neighbour.subtract(exact).abs();
        int precision = candidate.stripTrailingZeros().precision();
        while (candidate.subtract(exact).abs().multiply(BigDecimal.TWO).compareTo(distance) == 0) {
            precision++;
            candidate = exact.round(new MathContext(precision));
            shortest = candidate.toString();
        }
        return shortest;
    }

    /** Lays out Java's shortest digits as PostgreSQL does: an exponent below -4 and from {@code digits} on. */
    private static String print(String java, int digits, Predicate<BigDecimal> same) {
        int start = java.startsWith("-") ? 1 : 0;
        char first = java.charAt(start);
        if (first == 'N' || first == 'I') {
            return java;
        }
        BigDecimal exact = new BigDecimal(java).stripTrailingZeros();
        if (exact.precision() == 2) {
            // Java never prints fewer than two digits, PostgreSQL does where one is enough (5e-324).
            BigDecimal shorter = exact.round(new MathContext(1));
            exact = same.test(shorter) ? shorter : exact;
        }
        String sign = start == 1 ? "-" : "";
        if (exact.signum() == 0) {
            return sign + "0";
        }
        String unscaled = exact.unscaledValue().abs().toString();
        int exponent = unscaled.length() - 1 - exact.scale();
        if (exponent >= -4 && exponent < digits) {
            return sign + exact.abs().toPlainString();
        }
        String fraction = unscaled.length() == 1 ? "" : "." + unscaled.substring(1);
        String padded = Math.abs(exponent) < 10 ? "0" + Math.abs(exponent) : Integer.toString(Math.abs(exponent));
        return sign + unscaled.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + padded;
    }
}
