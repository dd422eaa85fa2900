package dev.howdah.type;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Chooses how a type is read as the Java class asked for. */
final class Readers {

    private static final Map<Class<?>, Class<?>> WRAPPERS = Map.of(
            boolean.class, Boolean.class,
            byte.class, Byte.class,
            short.class, Short.class,
            char.class, Character.class,
            int.class, Integer.class,
            long.class, Long.class,
            float.class, Float.class,
            double.class, Double.class);

    private Readers() {}

    /** Returns the reader of the default class. */
    static ValueReader<?> standard(TypeCodecs type) {
        if (type.codecs().isEmpty()) {
            return new ConvertedReader<>(arrays(type, standard(type.elementCodecs())), PgArray::toList);
        }
        return new CodecReader<>(type.codecs().getFirst());
    }

    /** Returns the reader for a class; throws a ConversionException if there is none. */
    static ValueReader<?> of(TypeCodecs type, Class<?> target) {
        Class<?> wanted = target.isPrimitive() ? WRAPPERS.getOrDefault(target, target) : target;
        for (Codec<?> codec : type.codecs()) {
            if (codec.javaType() == wanted) {
                return new CodecReader<>(codec);
            }
        }
        if (wanted == Object.class) {
            return standard(type);
        }
        @Nullable
        ValueReader<?> reader =
                type.element() != null && type.general() == null ? array(type, wanted) : scalar(type, wanted);
        if (reader == null) {
            throw Refusal.reading(
                    type.type(),
                    target.getTypeName(),
                    Refusal.reading("there is no such conversion; its own class is "
                            + type.defaultType().getTypeName()));
        }
        return reader;
    }

    private static @Nullable ValueReader<?> scalar(TypeCodecs type, Class<?> wanted) {
        Codec<?> general = type.generalCodec();
        if (wanted == String.class) {
            return new TextFormReader<>(general);
        }
        if (wanted == byte[].class && general instanceof TextCodec) {
            return new RawReader();
        }
        if (Number.class.isAssignableFrom(general.javaType())) {
            @Nullable Function<Number, Object> conversion = NumberConversion.reading(wanted);
            if (conversion != null) {
                return new ConvertedReader<Object, Object>(erased(general), v -> conversion.apply((Number) v));
            }
        }
        if (general.javaType() == String.class) {
            @Nullable Function<String, Object> conversion = fromText(wanted);
            if (conversion != null) {
                return new ConvertedReader<Object, Object>(erased(general), v -> conversion.apply((String) v));
            }
        }
        if (wanted == ByteBuffer.class && general.javaType() == byte[].class) {
            return new ConvertedReader<Object, Object>(erased(general), v -> ByteBuffer.wrap((byte[]) v));
        }
        Codec<?> first = type.codecs().getFirst();
        return wanted.isAssignableFrom(first.javaType()) ? new CodecReader<>(first) : null;
    }

    private static @Nullable Function<String, Object> fromText(Class<?> wanted) {
        if (wanted == byte[].class) {
            return text -> text.getBytes(StandardCharsets.UTF_8);
        } else if (wanted == Character.class) {
            return text -> {
                if (text.length() != 1) {
                    throw Refusal.reading("the text is not one character long");
                }
                return text.charAt(0);
            };
        } else if (wanted.isEnum()) {
            return text -> constant(wanted, text);
        }
        return null;
    }

    private static Object constant(Class<?> type, String name) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw Refusal.reading("the enum has no constant of that name");
    }

    private static @Nullable ValueReader<?> array(TypeCodecs type, Class<?> wanted) {
        TypeCodecs element = type.elementCodecs();
        if (wanted == List.class || wanted == Collection.class || wanted == Iterable.class) {
            return standard(type);
        } else if (wanted == PgArray.class) {
            return arrays(type, standard(element));
        } else if (wanted == String.class) {
            char delimiter = element.type().delimiter();
            return new ConvertedReader<>(
                    arrays(type, of(element, String.class)), array -> ArrayText.print(array, delimiter));
        } else if (wanted.isArray()) {
            int depth = 0;
            Class<?> leaf = wanted;
            while (leaf.isArray() && !(leaf == byte[].class && readsBytes(element))) {
                leaf = leaf.getComponentType();
                depth++;
            }
            Class<?> component = leaf;
            int dimensions = depth;
            return new ConvertedReader<>(
                    arrays(type, of(element, leaf)), array -> JavaArrays.of(array, component, dimensions));
        }
        return null;
    }

    /** Returns whether byte[] is one element rather than an array of numbers. */
    private static boolean readsBytes(TypeCodecs element) {
        @Nullable Codec<?> general = element.general();
        return general != null && !Number.class.isAssignableFrom(general.javaType());
    }

    private static <E> ArrayReader<E> arrays(TypeCodecs type, ValueReader<E> element) {
        return new ArrayReader<>(element, type.elementCodecs().type().delimiter());
    }

    @SuppressWarnings("unchecked") // what is read is only ever looked at as what the codec says it is
    private static ValueReader<Object> erased(Codec<?> codec) {
        return new CodecReader<>((Codec<Object>) codec);
    }
}
