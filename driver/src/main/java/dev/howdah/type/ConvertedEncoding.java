package dev.howdah.type;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends values by way of converters, unless the type has a codec for just their class. */
record ConvertedEncoding(List<Codec<?>> codecs, Converters converters, ValueEncoding otherwise)
        implements ValueEncoding {

    /** More converters than this never follow each other; they lead in a circle. */
    private static final int MAX_STEPS = 16;

    @Override
    public void binary(Object value, ValueWriter out) {
        otherwise.binary(converted(value), out);
    }

    @Override
    public String text(Object value) {
        return otherwise.text(converted(value));
    }

    private Object converted(Object value) {
        Object at = value;
        for (int step = 0; step < MAX_STEPS; step++) {
            @Nullable Converter<?, ?> converter = hasCodec(at.getClass()) ? null : converters.of(at.getClass());
            if (converter == null) {
                return at;
            }
            at = converter.write(at);
        }
        throw Refusal.writing("the converters of " + value.getClass().getTypeName() + " lead in a circle");
    }

    private boolean hasCodec(Class<?> type) {
        for (Codec<?> codec : codecs) {
            if (codec.javaType() == type) {
                return true;
            }
        }
        return false;
    }
}
