package dev.howdah.type;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A row type with a name: made by CREATE TYPE, or that of a table or view. */
final class CompositeStructure implements Structure {

    private final int typeOid;
    private final List<PgType.Attribute> attributes;
    private final List<TypeCodecs> codecs;
    private final List<String> names;
    private final ClassValue<RecordMapping<List<@Nullable Object>, ?>> writers = new ClassValue<>() {
        @Override
        protected RecordMapping<List<@Nullable Object>, ?> computeValue(Class<?> type) {
            return writer(type);
        }
    };

    /**
     * Collects the parts.
     *
     * @param codecs what serves each attribute's type
     */
    CompositeStructure(int typeOid, List<PgType.Attribute> attributes, List<TypeCodecs> codecs) {
        this.typeOid = typeOid;
        this.attributes = attributes;
        this.codecs = codecs;
        this.names = attributes.stream().map(PgType.Attribute::name).toList();
    }

    List<PgType.Attribute> attributes() {
        return attributes;
    }

    List<TypeCodecs> codecs() {
        return codecs;
    }

    List<String> names() {
        return names;
    }

    @Override
    public boolean binary() {
        return codecs.stream().allMatch(TypeCodecs::binary);
    }

    @Override
    public boolean writesBinary() {
        return codecs.stream().allMatch(TypeCodecs::writesBinary);
    }

    @Override
    public boolean open() {
        return codecs.stream().anyMatch(TypeCodecs::open);
    }

    @Override
    public Class<?> defaultType() {
        return Composite.class;
    }

    @Override
    public ValueReader<Composite> standard() {
        return reader(standards(), this::composite);
    }

    @Override
    public @Nullable ValueReader<?> reader(Class<?> wanted) {
        if (wanted == Composite.class) {
            return standard();
        } else if (wanted == RowValue.class) {
            return new RowValueReader(typeOid, attributes);
        } else if (wanted == Map.class) {
            return reader(standards(), values -> composite(values).asMap());
        } else if (wanted == List.class) {
            return reader(standards(), values -> values);
        } else if (wanted == Object[].class) {
            return reader(standards(), List::toArray);
        } else if (wanted == String.class) {
            return new PrintedReader<>(all(String.class), CompositeText::print);
        } else if (wanted.isRecord()) {
            return records(wanted);
        }
        return null;
    }

    private <T> ValueReader<T> records(Class<T> wanted) {
        AttributeSource source = new AttributeSource(this, true);
        RecordMapping<List<@Nullable Object>, T> mapping = RecordMapping.of(wanted, source);
        return reader(source.readers(), mapping::map);
    }

    /** Returns the reader for a Map of values that are all of one type. */
    ValueReader<?> map(Type value) {
        return reader(
                TypeTargets.all(codecs, value), values -> composite(values).asMap());
    }

    /** Returns the values of a record in the order of the attributes, each of which has to have a component. */
    List<@Nullable Object> values(Object record) {
        @Nullable Object[] values = new Object[names.size()];
        writers.get(record.getClass()).spread(record, values);
        return Collections.unmodifiableList(Arrays.asList(values));
    }

    private RecordMapping<List<@Nullable Object>, ?> writer(Class<?> record) {
        RecordMapping<List<@Nullable Object>, ?> mapping = RecordMapping.of(record, new AttributeSource(this, false));
        for (int unused : mapping.unused()) {
            throw Refusal.writing(
                    record.getTypeName() + " has no component for the attribute \"" + names.get(unused) + "\"");
        }
        return mapping;
    }

    private Composite composite(List<@Nullable Object> values) {
        return new Composite(names, values);
    }

    List<ValueReader<?>> standards() {
        List<ValueReader<?>> readers = new ArrayList<>(codecs.size());
        codecs.forEach(attribute -> readers.add(attribute.standard()));
        return readers;
    }

    private ValueReader<List<@Nullable Object>> all(Class<?> type) {
        List<ValueReader<?>> readers = new ArrayList<>(codecs.size());
        codecs.forEach(attribute -> readers.add(Readers.of(attribute, type)));
        return reader(readers, values -> values);
    }

    private <T> CompositeReader<T> reader(List<ValueReader<?>> readers, Function<List<@Nullable Object>, T> finish) {
        return new CompositeReader<>(typeOid, attributes, List.copyOf(readers), finish);
    }

    @Override
    public ValueEncoding encoding() {
        return new CompositeEncoding(this, codecs.stream().map(TypeCodecs::part).toList());
    }
}
