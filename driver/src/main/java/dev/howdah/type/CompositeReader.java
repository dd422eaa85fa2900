package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads values of one row type.
 *
 * @param typeOid the row type's OID
 * @param attributes what it is known to consist of
 * @param readers one for each attribute
 * @param finish makes the result of the values, which is an unmodifiable list
 */
record CompositeReader<T>(
        int typeOid,
        List<PgType.Attribute> attributes,
        List<? extends ValueReader<?>> readers,
        Function<List<@Nullable Object>, T> finish)
        implements ValueReader<T> {

    /** In front of each value: the OID of its type and its length. */
    static final int HEADER = 8;

    @Override
    public T binary(byte[] bytes, int offset, int length) {
        int end = offset + length;
        require(length >= 4);
        requireCount(WireReader.int32At(bytes, offset));
        List<@Nullable Object> values = new ArrayList<>(attributes.size());
        int at = offset + 4;
        for (int i = 0; i < attributes.size(); i++) {
            require(end - at >= HEADER);
            PgType.Attribute attribute = attributes.get(i);
            if (WireReader.int32At(bytes, at) != attribute.typeOid()) {
                throw outdated("the type of its attribute \"" + attribute.name() + "\" is not the one that was known");
            }
            int size = WireReader.int32At(bytes, at + 4);
            at += HEADER;
            require(size >= -1 && size <= end - at);
            if (size < 0) {
                values.add(readers.get(i).whenNull());
            } else {
                values.add(value(i, bytes, at, size));
                at += size;
            }
        }
        require(at == end);
        return finish.apply(Collections.unmodifiableList(values));
    }

    private Object value(int index, byte[] bytes, int offset, int length) {
        try {
            return readers.get(index).binary(bytes, offset, length);
        } catch (RuntimeException e) {
            throw Refusal.readingAt(place(index), e);
        }
    }

    @Override
    public T text(String text) {
        List<@Nullable String> texts =
                attributes.isEmpty() && text.equals("()") ? new ArrayList<>() : CompositeText.read(text);
        requireCount(texts.size());
        List<@Nullable Object> values = new ArrayList<>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            @Nullable String value = texts.get(i);
            values.add(value == null ? readers.get(i).whenNull() : value(i, value));
        }
        return finish.apply(Collections.unmodifiableList(values));
    }

    private Object value(int index, String text) {
        try {
            return readers.get(index).text(text);
        } catch (RuntimeException e) {
            throw Refusal.readingAt(place(index), e);
        }
    }

    private String place(int index) {
        return "attribute \"" + attributes.get(index).name() + "\"";
    }

    private void requireCount(int count) {
        if (count != attributes.size()) {
            throw outdated("it has " + count + " attributes where " + attributes.size() + " were known");
        }
    }

    private RuntimeException outdated(String reason) {
        return Refusal.outdated(reason, Set.of(typeOid));
    }

    private static void require(boolean sound) {
        if (!sound) {
            throw Refusal.reading(Refusal.MALFORMED);
        }
    }
}
