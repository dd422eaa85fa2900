package dev.howdah.type;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Types whose value is text in both forms: {@code text}, {@code varchar}, {@code bpchar} (padding kept), {@code name},
 * {@code unknown}, {@code json} and enums; and {@code xml}, in the text form only.
 */
class TextCodec extends BuiltinCodec<String> {

    private final boolean binary;
    private final @Nullable List<String> labels;

    TextCodec(boolean binary) {
        this(binary, null);
    }

    /** Makes the codec of an enum, with its labels as far as they are known. */
    TextCodec(boolean binary, @Nullable List<String> labels) {
        super(String.class);
        this.binary = binary;
        this.labels = labels;
    }

    @Nullable
    List<String> labels() {
        return labels;
    }

    @Override
    public boolean binary() {
        return binary;
    }

    @Override
    public String decodeBinary(byte[] bytes, int offset, int length) {
        return Utf8.decode(bytes, offset, length);
    }

    @Override
    public String decodeText(String text) {
        return text;
    }

    @Override
    public void encodeBinary(String value, ValueWriter out) {
        out.utf8(Utf8.checked(value));
    }

    @Override
    public String encodeText(String value) {
        return Utf8.checked(value);
    }

    @Override
    @Nullable
    String coerce(Object value) {
        @Nullable String text = value instanceof Enum<?> constant ? EnumLabels.label(constant, labels) : textOf(value);
        if (text == null && !binary) {
            throw Refusal.writing("no codec is known for this type, so that it goes as text: give its text as String,"
                    + " or register a codec with TypeRegistry.registerCodec");
        }
        return text;
    }

    /** Returns the text of a value that is text in Java, else null. */
    static @Nullable String textOf(Object value) {
        if (value instanceof CharSequence || value instanceof Character) {
            return value.toString();
        } else if (value instanceof Enum<?> constant) {
            return EnumLabels.label(constant, null);
        }
        return null;
    }
}
