package dev.howdah.type;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Encodes through the codec that takes the value's class. */
final class ScalarEncoding implements ValueEncoding {

    private final List<Codec<?>> codecs;
    private final Class<?> firstType;
    private final Codec<Object> first;

    ScalarEncoding(List<Codec<?>> codecs) {
        this.codecs = codecs;
        this.first = erased(codecs.getFirst());
        this.firstType = first.javaType();
    }

    @Override
    public void binary(Object value, ValueWriter out) {
        if (value.getClass() == firstType) {
            first.encodeBinary(value, out);
        } else {
            Match match = match(value);
            match.codec.encodeBinary(match.value, out);
        }
    }

    @Override
    public String text(Object value) {
        if (value.getClass() == firstType) {
            return first.encodeText(value);
        }
        Match match = match(value);
        return match.codec.encodeText(match.value);
    }

    private record Match(Codec<Object> codec, Object value) {}

    private Match match(Object value) {
        for (Codec<?> codec : codecs) {
            if (codec.javaType().isInstance(value)) {
                return new Match(erased(codec), value);
            }
        }
        for (Codec<?> codec : codecs) {
            if (codec instanceof BuiltinCodec<?> builtin) {
                @Nullable Object own = builtin.coerce(value);
                if (own != null) {
                    return new Match(erased(codec), own);
                }
            }
        }
        throw Refusal.writing("there is no such conversion; it takes "
                + codecs.stream()
                        .map(codec -> codec.javaType().getTypeName())
                        .distinct()
                        .collect(Collectors.joining(", ")));
    }

    @SuppressWarnings("unchecked") // a codec is given only what it says it takes
    private static Codec<Object> erased(Codec<?> codec) {
        return (Codec<Object>) codec;
    }
}
