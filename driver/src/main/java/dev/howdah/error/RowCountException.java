package dev.howdah.error;

/**
 * A query returned another number of rows than the method promises, for example none or two where one was asked for.
 * The statement itself was done: {@link Delivery#COMPLETED}.
 */
public final class RowCountException extends PgException {
    private static final long serialVersionUID = 1L;

    /** What the method promises. */
    private final String expected;
    /** What the query returned. */
    private final String actual;

    /**
     * Reports a wrong number of rows.
     *
     * @param expected for example "one row"
     * @param actual for example "no row" or "3 rows"
     */
    public RowCountException(String expected, String actual) {
        super("Expected " + expected + ", the query returned " + actual, Delivery.COMPLETED, null);
        this.expected = expected;
        this.actual = actual;
    }

    /**
     * What the method promises.
     *
     * @return text for humans
     */
    public String expected() {
        return expected;
    }

    /**
     * What the query returned.
     *
     * @return text for humans
     */
    public String actual() {
        return actual;
    }
}
