package dev.howdah.type;

import java.util.function.Function;

/**
 * Reads values that may be absent, where SQL NULL is not null.
 *
 * @param present makes the result of a value
 * @param empty what stands for SQL NULL
 */
record OptionalReader<S, T>(ValueReader<S> source, Function<? super S, ? extends T> present, T empty)
        implements ValueReader<T> {

    @Override
    public T binary(byte[] bytes, int offset, int length) {
        return present.apply(source.binary(bytes, offset, length));
    }

    @Override
    public T text(String text) {
        return present.apply(source.text(text));
    }

    @Override
    public T whenNull() {
        return empty;
    }
}
