package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * A Java value and a PostgreSQL value could not be turned into each other: a parameter ({@link Delivery#NOT_SENT}), or
 * a column or a row ({@link Delivery#COMPLETED}). The message names the place and the types, never the value. The
 * connection stays usable.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype.html">Data types</a>
 */
public final class ConversionException extends PgException {
    private static final long serialVersionUID = 1L;

    /**
     * Reports a failed conversion outside of any parameter or column, for example in a codec, which does not know
     * where its value comes from; the layer that knows wraps it as the cause.
     *
     * @param message what does not fit, without the value
     * @param delivery {@link Delivery#NOT_SENT} before sending, {@link Delivery#COMPLETED} when reading
     * @param cause null if there is none
     */
    public ConversionException(String message, Delivery delivery, @Nullable Throwable cause) {
        super(message, delivery, cause);
    }

    /**
     * A parameter that cannot be sent.
     *
     * @param number its number, from 1 as in {@code $1}
     * @param javaType the name of the value's class
     * @param pgType the name of PostgreSQL's type
     * @param reason why not, without the value
     * @param cause null if there is none
     * @return never null
     */
    public static ConversionException parameter(
            int number, String javaType, String pgType, String reason, @Nullable Throwable cause) {
        String message = "Parameter $" + number + ": cannot send " + javaType + " as " + pgType + ": " + reason;
        return new ConversionException(message, Delivery.NOT_SENT, cause);
    }

    /**
     * A column that cannot be read as asked.
     *
     * @param index the column's index, from 0
     * @param name the column's name
     * @param pgType the name of PostgreSQL's type
     * @param javaType the name of the class that was asked for
     * @param reason why not, without the value
     * @param cause null if there is none
     * @return never null
     */
    public static ConversionException column(
            int index, String name, String pgType, String javaType, String reason, @Nullable Throwable cause) {
        String message =
                "Column " + index + " (" + name + "): cannot read " + pgType + " as " + javaType + ": " + reason;
        return new ConversionException(message, Delivery.COMPLETED, cause);
    }

    /**
     * A row that cannot become a record or object.
     *
     * @param javaType the name of the class that was asked for
     * @param reason why not, without values
     * @param cause null if there is none
     * @return never null
     */
    public static ConversionException row(String javaType, String reason, @Nullable Throwable cause) {
        return new ConversionException("Cannot read a row as " + javaType + ": " + reason, Delivery.COMPLETED, cause);
    }

    /**
     * {@inheritDoc}
     *
     * @return always false: the value stays what it is
     */
    @Override
    public boolean isSafeToRetry() {
        return false;
    }
}
