package dev.howdah.type;

import dev.howdah.error.ProtocolException;
import dev.howdah.wire.WireReader;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A codec of a class that reads its own text and prints it with {@code toString}. Takes that text as a parameter too. What
 * the class refuses with an IllegalArgumentException becomes a ConversionException without the value.
 *
 * @param <T> the Java class
 */
abstract class ParsedCodec<T> extends BuiltinCodec<T> {

    private final Function<String, T> parser;

    ParsedCodec(Class<T> javaType, Function<String, T> parser) {
        super(javaType);
        this.parser = parser;
    }

    /** Reads the binary form; the caller checks that nothing is left. */
    abstract T read(WireReader in);

    @Override
    public final T decodeBinary(byte[] bytes, int offset, int length) {
        WireReader in = new WireReader().over(bytes, offset, length);
        T value;
        try {
            value = read(in);
        } catch (ProtocolException | IllegalArgumentException e) {
            throw Refusal.reading(Refusal.MALFORMED);
        }
        require(in.remaining() == 0);
        return value;
    }

    @Override
    public final T decodeText(String text) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.reading("the text is not a value of this type");
        }
    }

    @Override
    public String encodeText(T value) {
        return value.toString();
    }

    @Override
    @Nullable
    T coerce(Object value) {
        if (value instanceof String text) {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                throw Refusal.writing("the text is not a value of this type");
            }
        }
        return null;
    }

    /** Refuses bytes that are no value. */
    static void require(boolean sound) {
        if (!sound) {
            throw Refusal.reading(Refusal.MALFORMED);
        }
    }

    /** Reads a count of things of which each takes {@code size} bytes at least, before room is made for them. */
    static int count(WireReader in, int size) {
        int count = in.int32();
        require(count >= 0 && count <= in.remaining() / size);
        return count;
    }

    /** Reads text up to a zero byte; what is not UTF-8 is refused. */
    static String cstring(WireReader in) {
        byte[] bytes = in.array();
        int start = in.position();
        int end = start;
        int limit = start + in.remaining();
        while (end < limit && bytes[end] != 0) {
            end++;
        }
        require(end < limit);
        in.skip(end - start + 1);
        return Utf8.decode(bytes, start, end - start);
    }
}
