package dev.howdah.type;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Encodes {@link Multirange} and collections of {@link Range}. */
record MultirangeEncoding(RangeEncoding range) implements ValueEncoding {

    @Override
    public void binary(Object value, ValueWriter out) {
        Collection<?> ranges = ranges(value);
        out.int32(ranges.size());
        for (Object item : ranges) {
            int mark = out.beginValue();
            range.binary(item, out);
            out.endValue(mark);
        }
    }

    @Override
    public String text(Object value) {
        return ranges(value).stream().map(range::text).collect(Collectors.joining(",", "{", "}"));
    }

    private static Collection<?> ranges(Object value) {
        if (value instanceof Multirange<?> multirange) {
            return multirange.ranges();
        } else if (value instanceof Range<?> range) {
            return List.of(range);
        } else if (value instanceof Collection<?> collection) {
            for (@Nullable Object item : collection) {
                if (item == null) {
                    throw Refusal.writing("one of the ranges is null");
                }
            }
            return collection;
        }
        throw Refusal.writing(
                "there is no such conversion; it takes " + Multirange.class.getName() + " or a Collection of Range");
    }
}
