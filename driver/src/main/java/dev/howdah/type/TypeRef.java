package dev.howdah.type;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * Says a Java type with its type arguments, which a {@link Class} cannot: {@code new TypeRef<List<Item>>() {}}. Immutable
 * and safe for several threads; keep one in a constant if it is used often. Two of the same type are equal.
 *
 * <p>What can be read so: {@code List}, {@code Collection}, {@code Iterable}, {@code Set} and {@link PgArray} of what the
 * elements of an array are read as, and Java arrays of it; {@code Optional}, in which SQL NULL is empty; {@code Map} of
 * String to String for hstore, of String to anything for a row type; {@link Range} and {@link Multirange}. These may
 * stand within each other. {@code ?} means the default class, {@code ? extends X} means X.
 *
 * @param <T> the type
 */
public abstract class TypeRef<T> {

    private final Type type;

    /**
     * Takes the type from the class that extends this one.
     *
     * @throws IllegalStateException if that class does not say it: {@code new TypeRef<>() {}} is wanted, with the type
     *     between the brackets
     */
    protected TypeRef() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType parent)
                || parent.getRawType() != TypeRef.class) {
            throw new IllegalStateException(
                    "extend TypeRef directly and say its type, as in new TypeRef<List<Item>>() {}");
        }
        this.type = parent.getActualTypeArguments()[0];
    }

    /** {@return the type} */
    public final Type type() {
        return type;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof TypeRef<?> ref && type.equals(ref.type);
    }

    @Override
    public final int hashCode() {
        return type.hashCode();
    }

    /** Returns the type as it is written in Java, with the packages. */
    @Override
    public final String toString() {
        return type.getTypeName();
    }
}
