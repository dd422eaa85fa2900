package dev.howdah.type;

/** {@code bool}: one byte. */
final class BoolCodec extends BuiltinCodec<Boolean> {

    BoolCodec() {
        super(Boolean.class);
    }

    @Override
    public int fixedLength() {
        return 1;
    }

    @Override
    public Boolean decodeBinary(byte[] bytes, int offset, int length) {
        return bytes[offset] != 0;
    }

    @Override
    public Boolean decodeText(String text) {
        return switch (text) {
            case "t", "true" -> true;
            case "f", "false" -> false;
            default -> throw Refusal.reading("the text is neither t nor f");
        };
    }

    @Override
    public void encodeBinary(Boolean value, ValueWriter out) {
        out.int8(value ? 1 : 0);
    }

    @Override
    public String encodeText(Boolean value) {
        return value ? "t" : "f";
    }
}
