package dev.howdah.type;

import java.util.List;

/** An array type with codecs of its own: they come first, then the elements' way. */
final class OverriddenEncoding implements ValueEncoding {

    private final List<Codec<?>> codecs;
    private final ValueEncoding own;
    private final ValueEncoding otherwise;

    OverriddenEncoding(List<Codec<?>> codecs, ValueEncoding otherwise) {
        this.codecs = codecs;
        this.own = new ScalarEncoding(codecs);
        this.otherwise = otherwise;
    }

    @Override
    public void binary(Object value, ValueWriter out) {
        choose(value).binary(value, out);
    }

    @Override
    public String text(Object value) {
        return choose(value).text(value);
    }

    private ValueEncoding choose(Object value) {
        for (Codec<?> codec : codecs) {
            if (codec.javaType().isInstance(value)) {
                return own;
            }
        }
        return otherwise;
    }
}
