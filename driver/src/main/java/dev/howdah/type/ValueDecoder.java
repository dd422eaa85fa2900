package dev.howdah.type;

import org.jspecify.annotations.Nullable;

/** A reader with its format settled; puts both types into its exceptions. */
final class ValueDecoder<T> implements Decoder<T> {

    private final PgType type;
    private final String javaType;
    private final ValueReader<T> reader;
    private final boolean binary;

    ValueDecoder(PgType type, String javaType, ValueReader<T> reader, boolean binary) {
        this.type = type;
        this.javaType = javaType;
        this.reader = reader;
        // The bytes of text are the same in both forms; only so they need not be UTF-8.
        this.binary = binary || reader instanceof RawReader;
    }

    @Override
    public T decode(byte[] bytes, int offset, int length) {
        try {
            return binary ? reader.binary(bytes, offset, length) : reader.text(Utf8.decode(bytes, offset, length));
        } catch (RuntimeException e) {
            throw Refusal.reading(type, javaType, e);
        }
    }

    @Override
    public @Nullable T whenNull() {
        return reader.whenNull();
    }
}
