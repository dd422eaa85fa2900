package dev.howdah.type;

import java.util.ArrayList;
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
        } else if (wanted == Map.class) {
            return reader(standards(), values -> composite(values).asMap());
        } else if (wanted == List.class) {
            return reader(standards(), values -> values);
        } else if (wanted == Object[].class) {
            return reader(standards(), List::toArray);
        } else if (wanted == String.class) {
            return new PrintedReader<>(all(String.class), CompositeText::print);
        } else if (wanted.isRecord()) {
            return records(CompositeRecord.of(wanted));
        }
        return null;
    }

    private ValueReader<?> records(CompositeRecord record) {
        int[] places = record.places(names);
        List<ValueReader<?>> readers = new ArrayList<>(standards());
        for (int i = 0; i < places.length; i++) {
            readers.set(places[i], Readers.of(codecs.get(places[i]), record.type(i)));
        }
        return reader(readers, values -> record.make(values, places));
    }

    private Composite composite(List<@Nullable Object> values) {
        return new Composite(names, values);
    }

    private List<ValueReader<?>> standards() {
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
