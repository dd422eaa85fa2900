package dev.howdah.type;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code int2vector} and {@code oidvector}, as the catalog's columns are: a list without NULL, in text numbers between
 * spaces. Text only, because servers refuse the binary form of an empty one that they send themselves.
 */
@SuppressWarnings("rawtypes") // a class literal has no type arguments
final class VectorCodec extends BuiltinCodec<List> {

    private final Codec<?> element;
    private final ValueEncoding encoding;

    VectorCodec(Codec<?> element) {
        super(List.class);
        this.element = element;
        this.encoding = new ScalarEncoding(List.of(element));
    }

    /** Returns the codec for a Java array of the numbers. */
    <A> Codec<A> as(Class<A> arrayType) {
        return new MappedCodec<>(
                this,
                arrayType,
                v -> arrayType.cast(JavaArrays.of(list(v), arrayType.getComponentType(), 1)),
                v -> ArrayShape.of(v).elements());
    }

    private static PgArray<Object> list(List<?> elements) {
        return PgArray.of(elements);
    }

    @Override
    public boolean binary() {
        return false;
    }

    @Override
    public List decodeBinary(byte[] bytes, int offset, int length) {
        throw Refusal.reading("it is read as text only");
    }

    @Override
    public List decodeText(String text) {
        List<Object> elements = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String number : text.split(" ", -1)) {
                elements.add(element.decodeText(number));
            }
        }
        return List.copyOf(elements);
    }

    @Override
    public void encodeBinary(List value, ValueWriter out) {
        throw Refusal.writing("it is sent as text only");
    }

    @Override
    public String encodeText(List value) {
        return ((List<?>) value).stream().map(this::number).collect(Collectors.joining(" "));
    }

    private String number(@Nullable Object item) {
        if (item == null) {
            throw Refusal.writing("it holds no NULL");
        }
        return encoding.text(item);
    }

    @Override
    @Nullable
    List coerce(Object value) {
        return value instanceof PgArray<?> array && array.dimensions().length <= 1 ? array.elements() : null;
    }
}
