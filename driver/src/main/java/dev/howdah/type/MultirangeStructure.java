package dev.howdah.type;

import org.jspecify.annotations.Nullable;

/** Multiranges of a range type. */
record MultirangeStructure(RangeStructure range) implements Structure {

    @Override
    public boolean binary() {
        return range.binary();
    }

    @Override
    public boolean writesBinary() {
        return range.writesBinary();
    }

    @Override
    public boolean open() {
        return range.open();
    }

    @Override
    public Class<?> defaultType() {
        return Multirange.class;
    }

    @Override
    public ValueReader<?> standard() {
        return of(RangeStructure.of(range.bound().standard()));
    }

    @Override
    public @Nullable ValueReader<?> reader(Class<?> wanted) {
        if (wanted == Multirange.class) {
            return standard();
        }
        return wanted == String.class ? new PrintedReader<>(of(range.text()), Multirange::toString) : null;
    }

    private static <T> MultirangeReader<T> of(RangeReader<T> range) {
        return new MultirangeReader<>(range);
    }

    @Override
    public ValueEncoding encoding() {
        return new MultirangeEncoding(range.encoding());
    }
}
