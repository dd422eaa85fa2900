package dev.howdah.type;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes values of row types and anonymous records apart without decoding what is in them.
 *
 * @param typeOid the row type's OID
 * @param attributes what it is known to consist of, null for anonymous records
 */
record RowValueReader(int typeOid, @Nullable List<PgType.Attribute> attributes) implements ValueReader<RowValue> {

    /** The count in front of a row has 16 bits. */
    private static final int MAX_ATTRIBUTES = 32_767;

    @Override
    public RowValue binary(byte[] bytes, int offset, int length) {
        int end = offset + length;
        require(length >= 4);
        int count = WireReader.int32At(bytes, offset);
        require(count >= 0 && count <= (length - 4) / CompositeReader.HEADER && count <= MAX_ATTRIBUTES);
        requireCount(count);
        int[] oids = new int[count];
        WireWriter out = new WireWriter(length);
        out.int16(count);
        int at = offset + 4;
        for (int i = 0; i < count; i++) {
            require(end - at >= CompositeReader.HEADER);
            oids[i] = WireReader.int32At(bytes, at);
            int size = WireReader.int32At(bytes, at + 4);
            at += CompositeReader.HEADER;
            require(size >= -1 && size <= end - at);
            if (attributes != null && oids[i] != attributes.get(i).typeOid()) {
                throw outdated(
                        "the type of its attribute \"" + attributes.get(i).name() + "\" is not the one that was known");
            }
            out.int32(size);
            if (size > 0) {
                out.bytes(bytes, at, size);
                at += size;
            }
        }
        require(at == end);
        return new RowValue(names(count), oids, true, out.toByteArray());
    }

    @Override
    public RowValue text(String text) {
        List<@Nullable String> texts = text.equals("()") && (attributes == null || attributes.isEmpty())
                ? List.of()
                : CompositeText.read(text);
        require(texts.size() <= MAX_ATTRIBUTES);
        requireCount(texts.size());
        int[] oids = new int[texts.size()];
        WireWriter out = new WireWriter(text.length() + 16);
        out.int16(oids.length);
        for (int i = 0; i < oids.length; i++) {
            oids[i] = attributes == null ? BuiltinTypes.TEXT : attributes.get(i).typeOid();
            @Nullable String value = texts.get(i);
            if (value == null) {
                out.nullValue();
            } else {
                int mark = out.beginValue();
                out.utf8(value);
                out.endValue(mark);
            }
        }
        return new RowValue(names(oids.length), oids, false, out.toByteArray());
    }

    private List<String> names(int count) {
        if (attributes != null) {
            return attributes.stream().map(PgType.Attribute::name).toList();
        }
        List<String> names = new ArrayList<>(count);
        for (int number = 1; number <= count; number++) {
            names.add("f" + number);
        }
        return names;
    }

    private void requireCount(int count) {
        if (attributes != null && count != attributes.size()) {
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
