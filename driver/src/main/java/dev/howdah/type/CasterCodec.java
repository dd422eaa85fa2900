package dev.howdah.type;

/** A typecaster among the codecs of a type: it reads text only, and parameters pass it by. */
record CasterCodec<T>(Class<T> javaType, TypeCaster<? extends T> caster) implements Codec<T> {

    @Override
    public boolean binary() {
        return false;
    }

    @Override
    public T decodeText(String text) {
        T value = caster.cast(text);
        if (value == null) {
            throw Refusal.reading("its typecaster returned null");
        }
        return value;
    }

    @Override
    public T decodeBinary(byte[] bytes, int offset, int length) {
        throw new IllegalStateException("a typecaster reads text");
    }

    @Override
    public void encodeBinary(T value, ValueWriter out) {
        throw new IllegalStateException("a typecaster does not write");
    }

    @Override
    public String encodeText(T value) {
        throw new IllegalStateException("a typecaster does not write");
    }
}
