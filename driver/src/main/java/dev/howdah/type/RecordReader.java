package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads anonymous records. In the binary form each field tells the OID of its type; in the text form nobody knows, so
 * that all fields are text.
 *
 * @param type the type it reads
 * @param classes what class to read each field as, null for the default classes
 * @param finish makes the result of the values, which is an unmodifiable list
 */
record RecordReader<T>(
        RecordStructure type, @Nullable IntFunction<Type> classes, Function<List<@Nullable Object>, T> finish)
        implements ValueReader<T> {

    @Override
    public T binary(byte[] bytes, int offset, int length) {
        int end = offset + length;
        require(length >= 4);
        int count = WireReader.int32At(bytes, offset);
        // Every field takes 8 bytes at least: a lie about their count is found before room is made for them.
        require(count >= 0 && count <= (length - 4) / CompositeReader.HEADER);
        List<@Nullable Object> values = new ArrayList<>(count);
        int at = offset + 4;
        for (int i = 0; i < count; i++) {
            int size = size(bytes, at, end);
            if (size < 0) {
                values.add(classes == null ? null : TypeTargets.whenNull(classes.apply(i)));
                at += CompositeReader.HEADER;
                continue;
            }
            try {
                TypeCodecs field = field(WireReader.int32At(bytes, at), bytes, at, end, count - i);
                ValueReader<?> reader = classes == null ? field.standard() : TypeTargets.of(field, classes.apply(i));
                values.add(reader.binary(bytes, at + CompositeReader.HEADER, size));
            } catch (RuntimeException e) {
                throw Refusal.readingAt("field " + (i + 1), e);
            }
            at += CompositeReader.HEADER + size;
        }
        require(at == end);
        return finish.apply(Collections.unmodifiableList(values));
    }

    /** Returns the length of the field that begins there, -1 for NULL; what it counts is there. */
    private static int size(byte[] bytes, int at, int end) {
        require(end - at >= CompositeReader.HEADER);
        int size = WireReader.int32At(bytes, at + 4);
        require(size >= -1 && size <= end - at - CompositeReader.HEADER);
        return size;
    }

    private TypeCodecs field(int oid, byte[] bytes, int at, int end, int rest) {
        TypeCodecs codecs = type.registry().codecs(oid);
        if (!codecs.writesBinary()) {
            Set<Integer> missing = type.registry().missing(rest(bytes, at, end, rest));
            if (type.registry().missing(Set.of(oid)).isEmpty()) {
                throw Refusal.reading(
                        "no codec is known for the binary form of "
                                + codecs.type().displayName()
                                + ", the only one in a record that tells the types of its fields; cast it to text in the query");
            }
            throw Refusal.outdated("the type with OID " + Integer.toUnsignedString(oid) + " is not known", missing);
        }
        return codecs.open() ? deeper(codecs) : codecs;
    }

    /** Returns the OIDs of the fields from here to the end. */
    private static Set<Integer> rest(byte[] bytes, int from, int end, int count) {
        Set<Integer> oids = new TreeSet<>();
        int at = from;
        for (int i = 0; i < count; i++) {
            int size = size(bytes, at, end);
            oids.add(WireReader.int32At(bytes, at));
            at += CompositeReader.HEADER + Math.max(size, 0);
        }
        return oids;
    }

    /** Counts the records within records; types with a name cannot hold any. */
    private TypeCodecs deeper(TypeCodecs codecs) {
        if (type.depth() == TypeResolver.MAX_DEPTH) {
            throw Refusal.reading("records stand within each other deeper than " + TypeResolver.MAX_DEPTH);
        }
        Structure inner = new RecordStructure(type.registry(), type.depth() + 1);
        if (codecs.structure() instanceof RecordStructure) {
            return new TypeCodecs(
                    type.registry(), codecs.type(), codecs.codecs(), null, null, inner, codecs.converters());
        }
        @Nullable TypeCodecs element = codecs.element();
        require(element != null && element.structure() instanceof RecordStructure);
        Converters converters = codecs.converters();
        TypeCodecs deeper = new TypeCodecs(type.registry(), record(), List.of(), null, null, inner, converters);
        return new TypeCodecs(type.registry(), codecs.type(), codecs.codecs(), null, deeper, null, converters);
    }

    private PgType record() {
        return type.registry().describe(BuiltinTypes.RECORD);
    }

    @Override
    public T text(String text) {
        List<@Nullable Object> values = new ArrayList<>(CompositeText.read(text));
        for (int i = 0; classes != null && i < values.size(); i++) {
            Type wanted = classes.apply(i);
            if (wanted != String.class && wanted != Object.class) {
                throw Refusal.reading("field " + (i + 1) + ": the text form of an anonymous record does not tell the"
                        + " types of its fields, so that they are String");
            }
        }
        return finish.apply(Collections.unmodifiableList(values));
    }

    private static void require(boolean sound) {
        if (!sound) {
            throw Refusal.reading(Refusal.MALFORMED);
        }
    }
}
