package dev.howdah.type;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the exceptions of this package. No text holds a value. */
final class Refusal {

    static final String OUT_OF_RANGE = "the value is out of range";
    static final String MALFORMED = "its bytes are malformed";

    private Refusal() {}

    /** A value of the server cannot become the Java value wanted. */
    static ConversionException reading(String reason) {
        return new ConversionException(reason, Delivery.COMPLETED, null);
    }

    /** A value does not look as a type is known; asking the catalog about the types may heal it. */
    static ConversionException outdated(String reason, Set<Integer> oids) {
        return new ConversionException(reason, Delivery.COMPLETED, new OutdatedTypes(oids));
    }

    /** Says at which place within a value something cannot be read. */
    static ConversionException readingAt(String place, RuntimeException cause) {
        return new ConversionException(place + ": " + reason(cause), Delivery.COMPLETED, cause);
    }

    /** Says at which place within a value something cannot be sent. */
    static ConversionException writingAt(String place, RuntimeException cause) {
        return new ConversionException(place + ": " + reason(cause), Delivery.NOT_SENT, cause);
    }

    /** A Java value cannot be sent. */
    static ConversionException writing(String reason) {
        return new ConversionException(reason, Delivery.NOT_SENT, null);
    }

    /** Says which types met, around what a codec threw. */
    static ConversionException reading(PgType type, String javaType, RuntimeException cause) {
        return new ConversionException(
                "cannot read " + type.displayName() + " as " + javaType + ": " + reason(cause),
                Delivery.COMPLETED,
                cause);
    }

    /** Says which types met, around what a codec threw. */
    static ConversionException writing(PgType type, Object value, RuntimeException cause) {
        return new ConversionException(
                "cannot send " + value.getClass().getTypeName() + " as " + type.displayName() + ": " + reason(cause),
                Delivery.NOT_SENT,
                cause);
    }

    private static String reason(RuntimeException cause) {
        if (cause instanceof ConversionException) {
            @Nullable String message = cause.getMessage();
            return message == null ? "no reason given" : message;
        }
        // A foreign message may hold the value.
        return "its codec failed with " + cause.getClass().getName();
    }
}
