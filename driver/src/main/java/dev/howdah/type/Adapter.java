package dev.howdah.type;

import org.jspecify.annotations.Nullable;

/**
 * Says what a parameter of some Java class is to PostgreSQL. Called on the thread that runs the statement, before
 * anything is sent; used by several threads at once if they share its scope.
 *
 * @param <T> the Java class
 * @see TypeRegistry#registerAdapter
 */
@FunctionalInterface
public interface Adapter<T> {

    /**
     * Returns what takes the value's place: another Java value to be bound, a {@link TextForm}, or a {@link SqlQuote} such
     * as {@link AsIs}; null stands for NULL. If there is an adapter for the class of what is returned, it is asked next; not
     * so if that class is the value's own.
     *
     * <p>Whatever it throws is the cause of the {@link dev.howdah.error.ConversionException} that the statement fails with;
     * nothing is sent then.
     *
     * @param value never null
     * @return null for NULL
     */
    @Nullable
    Object adapt(T value);
}
