package dev.howdah.type;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's enums as a Java enum. */
final class EnumCodec<E extends Enum<E>> extends BuiltinCodec<E> {

    private final EnumLabels constants;
    private final @Nullable List<String> labels;

    EnumCodec(Class<E> type) {
        this(type, null);
    }

    private EnumCodec(Class<E> type, @Nullable List<String> labels) {
        super(type);
        this.constants = EnumLabels.of(type);
        this.labels = labels;
    }

    /** Returns the codec for a type with these labels. */
    EnumCodec<E> withLabels(@Nullable List<String> known) {
        return new EnumCodec<>(javaType(), known);
    }

    @Override
    public E decodeBinary(byte[] bytes, int offset, int length) {
        return decodeText(Utf8.decode(bytes, offset, length));
    }

    @Override
    public E decodeText(String text) {
        return javaType().cast(constants.constant(text, true));
    }

    @Override
    public void encodeBinary(E value, ValueWriter out) {
        out.utf8(encodeText(value));
    }

    @Override
    public String encodeText(E value) {
        return Utf8.checked(EnumLabels.label(value, labels));
    }
}
