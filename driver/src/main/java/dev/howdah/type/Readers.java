package dev.howdah.type;

import java.lang.reflect.Type;
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
        if (!type.codecs().isEmpty()) {
            return own(type, type.codecs().getFirst());
        }
        @Nullable Structure structure = type.structure();
        return structure != null
                ? structure.standard()
                : new ConvertedReader<>(arrays(type, type.elementCodecs().standard()), PgArray::toList);
    }

    /** Returns the reader that a codec of the type stands for. */
    private static ValueReader<?> own(TypeCodecs type, Codec<?> codec) {
        if (codec instanceof CasterCodec<?> caster) {
            @Nullable ValueReader<?> text = parts(type, String.class);
            if (text == null) {
                throw new IllegalStateException(type.type().displayName() + " has no text form");
            }
            return new ConvertedReader<Object, Object>(erased(text), value -> caster.decodeText((String) value));
        } else if (codec instanceof JsonCodec json && json.defaultType() != String.class) {
            return json(json, json.defaultType(), json.defaultType());
        }
        return new CodecReader<>(codec);
    }

    @SuppressWarnings("NullAway") // JSON's null may be null in Java, for which no reader but this one returns null
    static ValueReader<?> json(JsonCodec json, Class<?> wanted, Type target) {
        Function<String, @Nullable Object> conversion = json.reading(wanted, target);
        return new ConvertedReader<String, Object>(new CodecReader<>(json), conversion);
    }

    /** Returns the wrapper of a primitive's class, any other class as it is. */
    static Class<?> boxed(Class<?> type) {
        return WRAPPERS.getOrDefault(type, type);
    }

    /** Returns the reader for a class; throws a ConversionException if there is none. */
    static ValueReader<?> of(TypeCodecs type, Class<?> target) {
        Class<?> wanted = boxed(target);
        @Nullable
        ValueReader<?> converted =
                type.hasCodec(wanted) ? null : type.converters().reader(type, wanted);
        return converted != null ? converted : withoutConverter(type, target);
    }

    /** Returns the reader for a class that no converter is to make; throws a ConversionException if there is none. */
    static ValueReader<?> withoutConverter(TypeCodecs type, Class<?> target) {
        Class<?> wanted = boxed(target);
        for (Codec<?> codec : type.codecs()) {
            if (codec.javaType() == wanted) {
                return codec instanceof CasterCodec ? own(type, codec) : new CodecReader<>(codec);
            }
        }
        if (wanted == Object.class) {
            return type.standard();
        }
        @Nullable ValueReader<?> reader = parts(type, wanted);
        if (reader == null) {
            throw Refusal.reading(
                    type.type(),
                    target.getTypeName(),
                    Refusal.reading("there is no such conversion; " + advice(type.general(), type)));
        }
        return reader;
    }

    private static @Nullable ValueReader<?> parts(TypeCodecs type, Class<?> wanted) {
        @Nullable Structure structure = type.structure();
        if (structure != null) {
            return structure.reader(wanted);
        }
        return type.element() != null && type.general() == null ? array(type, wanted) : scalar(type, wanted);
    }

    private static String advice(@Nullable Codec<?> general, TypeCodecs type) {
        return general instanceof TextCodec && !general.binary()
                ? "no codec is known for this type, so that it arrives as text: read it as String, or register a codec"
                        + " with TypeRegistry.registerCodec"
                : "its own class is " + type.defaultType().getTypeName();
    }

    private static @Nullable ValueReader<?> scalar(TypeCodecs type, Class<?> wanted) {
        Codec<?> general = type.generalCodec();
        if (wanted == String.class) {
            return new TextFormReader<>(general);
        }
        if (general instanceof JsonCodec json) {
            return json(json, wanted, wanted);
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
            @Nullable Function<String, Object> conversion = fromText(wanted, general);
            if (conversion != null) {
                return new ConvertedReader<Object, Object>(erased(general), v -> conversion.apply((String) v));
            }
        }
        if (wanted == ByteBuffer.class && general.javaType() == byte[].class) {
            return new ConvertedReader<Object, Object>(erased(general), v -> ByteBuffer.wrap((byte[]) v));
        }
        Codec<?> first = type.codecs().getFirst();
        return wanted.isAssignableFrom(first.javaType()) ? own(type, first) : null;
    }

    private static @Nullable Function<String, Object> fromText(Class<?> wanted, Codec<?> general) {
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
            EnumLabels constants = EnumLabels.of(wanted);
            // Text may be anything; only the labels of an enum are no secret.
            boolean known = general instanceof TextCodec labels && labels.labels() != null;
            return text -> constants.constant(text, known);
        }
        return null;
    }

    private static @Nullable ValueReader<?> array(TypeCodecs type, Class<?> wanted) {
        TypeCodecs element = type.elementCodecs();
        if (wanted == List.class || wanted == Collection.class || wanted == Iterable.class) {
            return new ConvertedReader<>(arrays(type, element.standard()), PgArray::toList);
        } else if (wanted == PgArray.class) {
            return arrays(type, element.standard());
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

    static <E> ArrayReader<E> arrays(TypeCodecs type, ValueReader<E> element) {
        return new ArrayReader<>(element, type.elementCodecs().type().delimiter());
    }

    @SuppressWarnings("unchecked") // what is read is only ever looked at as what the reader says it is
    private static ValueReader<Object> erased(ValueReader<?> reader) {
        return (ValueReader<Object>) reader;
    }

    @SuppressWarnings("unchecked") // what is read is only ever looked at as what the codec says it is
    private static ValueReader<Object> erased(Codec<?> codec) {
        return new CodecReader<>((Codec<Object>) codec);
    }
}
