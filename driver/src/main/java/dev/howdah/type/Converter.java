package dev.howdah.type;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How one Java class is made of another, and back.
 *
 * @param target what users have
 * @param source what values are read as, and sent as
 * @param back null if the class is only read
 */
record Converter<S, T>(
        Class<T> target,
        Class<S> source,
        Function<S, T> forth,
        @Nullable Function<T, S> back) {

    Converter {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(forth, "forth");
        if (target.isPrimitive() || target == Object.class) {
            throw new IllegalArgumentException("a converter is for a class of your own, not for " + target.getName());
        }
    }

    Object read(Object value) {
        return convert(value, forth, Delivery.COMPLETED);
    }

    Object write(Object value) {
        if (back == null) {
            throw Refusal.writing("the converter of " + target.getTypeName()
                    + " only reads; register one with a function back to " + source.getTypeName());
        }
        return convert(value, back, Delivery.NOT_SENT);
    }

    @SuppressWarnings("unchecked") // given only what was read as its class
    private <A, B> Object convert(Object value, Function<A, B> function, Delivery delivery) {
        @Nullable Object made;
        try {
            made = function.apply((A) value);
        } catch (PgException e) {
            throw e;
        } catch (RuntimeException e) {
            // Its message may hold the value.
            throw new ConversionException(
                    name() + " failed with " + e.getClass().getName(), delivery, e);
        }
        if (made == null) {
            throw new ConversionException(name() + " returned null", delivery, null);
        }
        return made;
    }

    private String name() {
        return "the converter of " + target.getTypeName();
    }
}
