package dev.howdah.type;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes collections, Java arrays and {@link PgArray}. */
record ArrayEncoding(PartEncoding element, int elementOid, char delimiter) implements ValueEncoding {

    @Override
    public void binary(Object value, ValueWriter out) {
        PgArray<?> array = element.adaptElements(ArrayShape.of(value));
        int[] dimensions = array.dimensions();
        int[] lowerBounds = array.lowerBounds();
        out.int32(dimensions.length);
        out.int32(array.elements().contains(null) ? 1 : 0);
        out.int32(elementOid);
        for (int i = 0; i < dimensions.length; i++) {
            out.int32(dimensions[i]).int32(lowerBounds[i]);
        }
        for (@Nullable Object item : array.elements()) {
            if (item == null) {
                out.nullValue();
            } else {
                int mark = out.beginValue();
                element.binary(item, out);
                out.endValue(mark);
            }
        }
    }

    @Override
    public String text(Object value) {
        PgArray<?> array = element.adaptElements(ArrayShape.of(value));
        List<@Nullable String> texts = new ArrayList<>(array.elements().size());
        for (@Nullable Object item : array.elements()) {
            texts.add(item == null ? null : element.text(item));
        }
        return ArrayText.print(PgArray.of(array.dimensions(), array.lowerBounds(), texts), delimiter);
    }
}
