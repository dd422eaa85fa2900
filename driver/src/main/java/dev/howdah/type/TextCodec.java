package dev.howdah.type;

import org.jspecify.annotations.Nullable;

/**
 * Types whose value is text in both forms: {@code text}, {@code varchar}, {@code bpchar} (padding kept), {@code name},
 * {@code unknown}, {@code json} and enums; and, in the text form only, every type that has no codec of its own.
 */
final class TextCodec extends BuiltinCodec<String> {

    private final boolean binary;

    TextCodec(boolean binary) {
        super(String.class);
        this.binary = binary;
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
        return textOf(value);
    }

    /** Returns the text of a value that is text in Java, else null. */
    static @Nullable String textOf(Object value) {
        if (value instanceof CharSequence || value instanceof Character) {
            return value.toString();
        } else if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        return null;
    }
}
