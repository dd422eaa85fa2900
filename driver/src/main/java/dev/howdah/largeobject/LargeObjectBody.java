package dev.howdah.largeobject;

import org.jspecify.annotations.Nullable;

/**
 * Work with large objects in a transaction.
 *
 * @param <T> what it returns
 * @param <X> what it throws
 */
@FunctionalInterface
public interface LargeObjectBody<T extends @Nullable Object, X extends Exception> {

    /** Does the work. */
    T run(LargeObjects objects) throws X;
}
