package dev.howdah.type;

/** Reads any type as the text that PostgreSQL prints for it. */
final class TextFormReader<S> implements ValueReader<String> {

    private final Codec<S> codec;
    private final ValueReader<S> source;

    TextFormReader(Codec<S> codec) {
        this.codec = codec;
        this.source = new CodecReader<>(codec);
    }

    @Override
    public String binary(byte[] bytes, int offset, int length) {
        return codec.encodeText(source.binary(bytes, offset, length));
    }

    @Override
    public String text(String text) {
        return text;
    }
}
