package dev.howdah.type;

/** Reads what a codec reads; checks a fixed length once for all codecs. */
final class CodecReader<T> implements ValueReader<T> {

    private final Codec<T> codec;
    private final int fixedLength;

    CodecReader(Codec<T> codec) {
        this.codec = codec;
        this.fixedLength = codec.fixedLength();
    }

    @Override
    public T binary(byte[] bytes, int offset, int length) {
        if (fixedLength >= 0 && length != fixedLength) {
            throw Refusal.reading("it has " + length + " bytes where " + fixedLength + " are due");
        }
        return codec.decodeBinary(bytes, offset, length);
    }

    @Override
    public T text(String text) {
        return codec.decodeText(text);
    }
}
