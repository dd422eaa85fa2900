package dev.howdah.type;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The same PostgreSQL type as another codec's, by way of that codec, as another Java class. */
final class MappedCodec<S, T> extends BuiltinCodec<T> {

    private final BuiltinCodec<S> base;
    private final Function<S, T> read;
    private final Function<T, S> write;

    MappedCodec(BuiltinCodec<S> base, Class<T> javaType, Function<S, T> read, Function<T, S> write) {
        super(javaType);
        this.base = base;
        this.read = read;
        this.write = write;
    }

    @Override
    public int fixedLength() {
        return base.fixedLength();
    }

    @Override
    public boolean binary() {
        return base.binary();
    }

    @Override
    public T decodeBinary(byte[] bytes, int offset, int length) {
        return read.apply(base.decodeBinary(bytes, offset, length));
    }

    @Override
    public T decodeText(String text) {
        return read.apply(base.decodeText(text));
    }

    @Override
    public void encodeBinary(T value, ValueWriter out) {
        base.encodeBinary(write.apply(value), out);
    }

    @Override
    public String encodeText(T value) {
        return base.encodeText(write.apply(value));
    }

    @Override
    @Nullable
    T coerce(Object value) {
        return null;
    }
}
