package dev.howdah.type;

import org.jspecify.annotations.Nullable;

/**
 * A codec of this package: it also takes parameters of other Java classes than its own.
 *
 * @param <T> the Java class
 */
abstract class BuiltinCodec<T> implements Codec<T> {

    private final Class<T> javaType;

    BuiltinCodec(Class<T> javaType) {
        this.javaType = javaType;
    }

    @Override
    public final Class<T> javaType() {
        return javaType;
    }

    /**
     * Turns a parameter of another class into this codec's class.
     *
     * @return null if this type does not take that class at all
     * @throws dev.howdah.error.ConversionException if it takes the class but not this value, or knows better advice
     */
    @Nullable
    T coerce(Object value) {
        return null;
    }
}
