package dev.howdah.type;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code json} and {@code jsonb}: text, bytes of text, and whatever the user's mapper reads and writes. */
final class JsonCodec extends BuiltinCodec<String> {

    private static final String ADVICE =
            "as a JSON document it is text; for other classes register the mapper of a JSON library with"
                    + " TypeRegistry.registerJson";

    private final Codec<String> document;
    private final @Nullable JsonMapper mapper;

    /**
     * Makes the codec.
     *
     * @param document reads and writes the documents as text
     */
    JsonCodec(Codec<String> document, @Nullable JsonMapper mapper) {
        super(String.class);
        this.document = document;
        this.mapper = mapper;
    }

    boolean hasMapper() {
        return mapper != null;
    }

    /** Returns the class that columns are read as if none is asked for. */
    Class<?> defaultType() {
        return mapper == null ? String.class : Readers.boxed(mapper.defaultType());
    }

    /**
     * Returns the function that makes a class of a document.
     *
     * @param target the class, with what it is made of if that is known
     */
    Function<String, @Nullable Object> reading(Class<?> wanted, Type target) {
        if (wanted == byte[].class) {
            return text -> text.getBytes(StandardCharsets.UTF_8);
        }
        JsonMapper own = mapper;
        if (own == null) {
            throw Refusal.reading(ADVICE);
        }
        return text -> read(own, text, wanted, target);
    }

    private static @Nullable Object read(JsonMapper mapper, String text, Class<?> wanted, Type target) {
        Object value;
        try {
            value = mapper.read(text, target);
        } catch (Exception e) {
            throw failed(e, Delivery.COMPLETED);
        }
        if (value != null && !wanted.isInstance(value)) {
            throw Refusal.reading("the JSON mapper returned " + value.getClass().getTypeName());
        }
        return value;
    }

    /** Its message may hold the value, so that it stays in the cause. */
    private static ConversionException failed(Exception cause, Delivery delivery) {
        return new ConversionException(
                "the JSON mapper failed with " + cause.getClass().getName(), delivery, cause);
    }

    @Override
    String coerce(Object value) {
        if (value instanceof CharSequence || value instanceof Character) {
            return value.toString();
        } else if (value instanceof byte[] bytes) {
            return Utf8.decode(bytes, 0, bytes.length);
        } else if (mapper == null) {
            throw Refusal.writing(ADVICE);
        }
        String text;
        try {
            text = mapper.write(value);
        } catch (Exception e) {
            throw failed(e, Delivery.NOT_SENT);
        }
        if (text == null) {
            throw Refusal.writing("the JSON mapper returned null");
        }
        return text;
    }

    @Override
    public String decodeBinary(byte[] bytes, int offset, int length) {
        return document.decodeBinary(bytes, offset, length);
    }

    @Override
    public String decodeText(String text) {
        return document.decodeText(text);
    }

    @Override
    public void encodeBinary(String value, ValueWriter out) {
        document.encodeBinary(value, out);
    }

    @Override
    public String encodeText(String value) {
        return document.encodeText(value);
    }
}
