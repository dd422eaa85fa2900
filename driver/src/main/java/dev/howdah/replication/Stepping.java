package dev.howdah.replication;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Iterates over what one call after the other gives, until that is null. */
final class Stepping<T> implements Iterator<T> {

    private final Supplier<? extends @Nullable T> source;
    private final String end;
    private @Nullable T following;

    /**
     * Begins.
     *
     * @param end says that there is no more
     */
    Stepping(Supplier<? extends @Nullable T> source, String end) {
        this.source = source;
        this.end = end;
    }

    @Override
    public boolean hasNext() {
        if (following == null) {
            following = source.get();
        }
        return following != null;
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException(end);
        }
        T taken = Objects.requireNonNull(following);
        following = null;
        return taken;
    }
}
