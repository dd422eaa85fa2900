package dev.howdah.type;

import org.jspecify.annotations.Nullable;

/** Ranges of another type. */
record RangeStructure(TypeCodecs bound) implements Structure {

    @Override
    public boolean binary() {
        return bound.binary();
    }

    @Override
    public boolean writesBinary() {
        return bound.writesBinary();
    }

    @Override
    public boolean open() {
        return bound.open();
    }

    @Override
    public Class<?> defaultType() {
        return Range.class;
    }

    @Override
    public ValueReader<?> standard() {
        return of(bound.standard());
    }

    @Override
    public @Nullable ValueReader<?> reader(Class<?> wanted) {
        if (wanted == Range.class) {
            return standard();
        }
        return wanted == String.class ? new PrintedReader<>(text(), Range::toString) : null;
    }

    /** Returns the reader that has the bounds as text. */
    RangeReader<?> text() {
        return of(Readers.of(bound, String.class));
    }

    static <T> RangeReader<T> of(ValueReader<T> bound) {
        return new RangeReader<>(bound);
    }

    @Override
    public RangeEncoding encoding() {
        return new RangeEncoding(bound.part());
    }
}
