package dev.howdah.type;

import java.util.function.Function;

/** Reads by way of another Java class. */
record ConvertedReader<S, T>(ValueReader<S> source, Function<? super S, ? extends T> conversion)
        implements ValueReader<T> {

    @Override
    public T binary(byte[] bytes, int offset, int length) {
        return conversion.apply(source.binary(bytes, offset, length));
    }

    @Override
    public T text(String text) {
        return conversion.apply(source.text(text));
    }
}
