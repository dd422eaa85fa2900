package dev.howdah.type;

import org.jspecify.annotations.Nullable;

/** How values are written that stand by themselves or within others: what holds them adapts them, then writes them. */
record PartEncoding(TypeRegistry types, ValueEncoding encoding) {

    /** Returns what takes a value's place; null stands for NULL. */
    @Nullable
    Object adapt(@Nullable Object value) {
        return value == null || types.isPlain(value.getClass()) ? value : Adapters.part(value, types);
    }

    PgArray<?> adaptElements(PgArray<?> array) {
        return Adapters.elements(array, types);
    }

    void binary(Object value, ValueWriter out) {
        if (value instanceof TextForm) {
            throw new TextFormRequired();
        }
        encoding.binary(value, out);
    }

    String text(Object value) {
        return value instanceof TextForm form ? form.text() : encoding.text(value);
    }
}
