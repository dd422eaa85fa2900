package dev.howdah.type;

import org.jspecify.annotations.Nullable;

/** Encodes {@link Range}. */
record RangeEncoding(PartEncoding bound) implements ValueEncoding {

    @Override
    public void binary(Object value, ValueWriter out) {
        Range<?> range = range(value);
        if (range.isEmpty()) {
            out.int8(RangeReader.EMPTY);
            return;
        }
        out.int8((range.lowerInclusive() ? RangeReader.LOWER_INCLUSIVE : 0)
                | (range.upperInclusive() ? RangeReader.UPPER_INCLUSIVE : 0)
                | (range.lowerUnbounded() ? RangeReader.LOWER_UNBOUNDED : 0)
                | (range.upperUnbounded() ? RangeReader.UPPER_UNBOUNDED : 0));
        bound(range.lower(), out);
        bound(range.upper(), out);
    }

    private void bound(@Nullable Object value, ValueWriter out) {
        if (value != null) {
            int mark = out.beginValue();
            bound.binary(adapted(value), out);
            out.endValue(mark);
        }
    }

    @Override
    public String text(Object value) {
        return RangeText.print(range(value), item -> bound.text(adapted(item)));
    }

    private Object adapted(Object value) {
        @Nullable Object adapted = bound.adapt(value);
        if (adapted == null) {
            throw Refusal.writing("a bound cannot be NULL; a range without one is made as such");
        }
        return adapted;
    }

    private static Range<?> range(Object value) {
        if (value instanceof Range<?> range) {
            return range;
        }
        throw Refusal.writing("there is no such conversion; it takes " + Range.class.getName());
    }
}
