package dev.howdah;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;

/** Sets of parameters made as they are asked for, which cannot be gone through twice. */
final class BatchSets {

    private BatchSets() {}

    static Iterable<Object> of(int count, IntFunction<Object> set) {
        Iterator<Object> once = new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < count;
            }

            @Override
            public Object next() {
                if (next >= count) {
                    throw new NoSuchElementException();
                }
                return set.apply(next++);
            }
        };
        return () -> once;
    }
}
