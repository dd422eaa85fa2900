package dev.howdah.type;

/** Every type that has no codec of its own: its text form is text, of its binary form nobody knows what it says. */
final class UncodedType extends TextCodec {

    UncodedType() {
        super(false);
    }

    @Override
    public String decodeBinary(byte[] bytes, int offset, int length) {
        throw Refusal.reading("it came in the binary form, for which no codec is known; add the type with"
                + " TypeRegistry.addTypes, register a codec, or read it as byte[]");
    }
}
