package dev.howdah.session;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.type.Decoder;
import dev.howdah.type.PgType;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Reads values of the columns of a shape; what fails names the column. */
public final class ColumnValues {

    private ColumnValues() {}

    /** Returns what reads a column as a class. */
    public static <T> Decoder<T> decoder(RowShape shape, int column, Class<T> type) {
        try {
            return shape.decoder(column, type);
        } catch (ConversionException e) {
            throw named(shape, column, e);
        }
    }

    /** Returns what reads a column as a Java type with type arguments. */
    public static Decoder<?> decoder(RowShape shape, int column, Type type) {
        try {
            return shape.decoder(column, type);
        } catch (ConversionException e) {
            throw named(shape, column, e);
        }
    }

    /** Reads a value that is not NULL. */
    public static <T> T decode(RowShape shape, int column, Decoder<T> decoder, byte[] bytes, int offset, int length) {
        try {
            return decoder.decode(bytes, offset, length);
        } catch (ConversionException e) {
            throw named(shape, column, e);
        } catch (RuntimeException e) {
            throw new ConversionException(place(shape, column) + "its codec failed", Delivery.COMPLETED, e);
        }
    }

    /** Reads a value that is not NULL and is to become a primitive. */
    public static <T> T primitive(RowShape shape, int column, Class<T> type, byte[] bytes, int offset, int length) {
        @Nullable T value = decode(shape, column, decoder(shape, column, type), bytes, offset, length);
        if (value == null) {
            throw refused(shape, column, type, "it is the JSON null");
        }
        return value;
    }

    /** Makes the exception for NULL where a primitive was asked for. */
    public static ConversionException isNull(RowShape shape, int column, Class<?> type) {
        return refused(
                shape,
                column,
                type,
                "it is NULL, which a primitive cannot be; ask isNull first or use get(column, " + type.getSimpleName()
                        + ".class)");
    }

    private static ConversionException refused(RowShape shape, int column, Class<?> type, String reason) {
        String name = shape.field(column).name();
        String pgType = typeName(shape, shape.field(column).typeOid());
        return ConversionException.column(column, name, pgType, type.getSimpleName(), reason, null);
    }

    /** Returns the name of a type, its OID in digits if it is not known. */
    public static String typeName(RowShape shape, int oid) {
        PgType type = shape.types().type(oid);
        return type == null ? Integer.toUnsignedString(oid) : type.displayName();
    }

    private static ConversionException named(RowShape shape, int column, ConversionException e) {
        return new ConversionException(place(shape, column) + e.getMessage(), Delivery.COMPLETED, e);
    }

    private static String place(RowShape shape, int column) {
        return "Column " + column + " (" + shape.field(column).name() + "): ";
    }
}
