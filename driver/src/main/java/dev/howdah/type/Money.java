package dev.howdah.type;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A value of PostgreSQL's {@code money}: a whole number of the currency's smallest units, such as cents. Immutable.
 *
 * <p>How many digits the fraction has, which currency it is and how it is printed depend on the server's setting
 * {@code lc_monetary}; the binary form says nothing of it. So nothing here guesses: {@link #toBigDecimal(int)} and
 * {@link #of(BigDecimal, int)} are told the digits (2 for most currencies, 0 for yen). What wants PostgreSQL's own text or
 * a {@code numeric} casts in the SQL, {@code price::text} or {@code price::numeric}, and text is sent with
 * {@code $1::text::money}.
 *
 * @param minorUnits the amount in the currency's smallest units
 * @see <a href="https://www.postgresql.org/docs/current/datatype-money.html">Monetary types</a>
 */
public record Money(long minorUnits) implements Comparable<Money> {

    /**
     * Makes an amount of money.
     *
     * @param amount the amount in the currency's main unit
     * @param fractionDigits how many digits the fraction has under the server's {@code lc_monetary}
     * @return never null
     * @throws ArithmeticException if the amount has more digits than that or is too large
     */
    public static Money of(BigDecimal amount, int fractionDigits) {
        return new Money(amount.setScale(fractionDigits, RoundingMode.UNNECESSARY)
                .unscaledValue()
                .longValueExact());
    }

    /**
     * {@return the amount in the currency's main unit}
     *
     * @param fractionDigits how many digits the fraction has under the server's {@code lc_monetary}
     */
    public BigDecimal toBigDecimal(int fractionDigits) {
        return BigDecimal.valueOf(minorUnits, fractionDigits);
    }

    /**
     * Reads text that a server printed, under any {@code lc_monetary}: {@code -$1,234.56}, {@code 1.234,56 EUR},
     * {@code ($5.00)}. The server always prints the whole fraction, so all the digits together are the smallest units.
     * Text of other origin may leave out the fraction: it is not for this method.
     *
     * @param text the text
     * @return never null
     * @throws IllegalArgumentException if it has no digits or too many
     */
    public static Money parse(String text) {
        StringBuilder digits = new StringBuilder(text.length());
        boolean negative = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits.append(c);
            } else if (c == '-' || c == '\u2212' || c == '(') {
                negative = true;
            }
        }
        return new Money(Long.parseLong((negative ? "-" : "") + digits));
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(minorUnits, other.minorUnits);
    }

    /** Returns how many of the smallest units it is; not PostgreSQL's text, which depends on its settings. */
    @Override
    public String toString() {
        return minorUnits + " minor units";
    }
}
