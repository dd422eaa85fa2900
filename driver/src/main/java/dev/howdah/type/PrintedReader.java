package dev.howdah.type;

import java.util.function.Function;

/** Reads a value as the text that PostgreSQL prints for it: what came as text already, else by way of its parts. */
record PrintedReader<S>(ValueReader<S> source, Function<? super S, String> print) implements ValueReader<String> {

    @Override
    public String binary(byte[] bytes, int offset, int length) {
        return print.apply(source.binary(bytes, offset, length));
    }

    @Override
    public String text(String text) {
        return text;
    }
}
