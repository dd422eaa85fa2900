package dev.howdah.type;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Anonymous records, such as {@code ROW(1, 'a')}: each value says of what types its fields are, in the binary form only.
 *
 * @param registry where the fields' types are looked up
 * @param depth how many records stand around this one
 */
record RecordStructure(TypeRegistry registry, int depth) implements Structure {

    @Override
    public boolean binary() {
        return true;
    }

    @Override
    public boolean writesBinary() {
        return true;
    }

    @Override
    public boolean open() {
        return true;
    }

    @Override
    public Class<?> defaultType() {
        return Composite.class;
    }

    @Override
    public ValueReader<Composite> standard() {
        return new RecordReader<>(this, null, RecordStructure::composite);
    }

    @Override
    public @Nullable ValueReader<?> reader(Class<?> wanted) {
        if (wanted == Composite.class) {
            return standard();
        } else if (wanted == RowValue.class) {
            return new RowValueReader(BuiltinTypes.RECORD, null);
        } else if (wanted == Map.class) {
            return new RecordReader<>(this, null, values -> composite(values).asMap());
        } else if (wanted == List.class) {
            return new RecordReader<>(this, null, values -> values);
        } else if (wanted == Object[].class) {
            return new RecordReader<>(this, null, List::toArray);
        } else if (wanted == String.class) {
            return new PrintedReader<>(
                    new RecordReader<>(this, index -> String.class, values -> values), CompositeText::print);
        } else if (wanted.isRecord()) {
            return records(RecordClass.of(wanted));
        }
        return null;
    }

    /** Fields have no names of their own, so that components stand for them in order. */
    private ValueReader<?> records(RecordClass record) {
        return new RecordReader<>(
                this,
                index -> {
                    requireCount(index < record.size());
                    return record.genericType(index);
                },
                values -> {
                    requireCount(values.size() == record.size());
                    return make(record, values);
                });
    }

    private static Object make(RecordClass record, List<@Nullable Object> values) {
        @Nullable Object[] arguments = values.toArray(new @Nullable Object[0]);
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] == null && record.type(i).isPrimitive()) {
                throw Refusal.reading("field " + (i + 1) + " is NULL, which the component " + record.name(i) + " of "
                        + record.type().getTypeName() + " cannot be, since it is the primitive " + record.type(i));
            }
        }
        return record.make(arguments);
    }

    private static void requireCount(boolean sound) {
        if (!sound) {
            throw Refusal.reading("the anonymous record has not as many fields as the Java record has components");
        }
    }

    private static Composite composite(List<@Nullable Object> values) {
        List<String> names = IntStream.rangeClosed(1, values.size())
                .mapToObj(number -> "f" + number)
                .toList();
        return new Composite(names, values);
    }

    @Override
    public ValueEncoding encoding() {
        return new ValueEncoding() {
            @Override
            public void binary(Object value, ValueWriter out) {
                throw refused();
            }

            @Override
            public String text(Object value) {
                throw refused();
            }
        };
    }

    private static RuntimeException refused() {
        return Refusal.writing(
                "PostgreSQL takes no anonymous records; cast the parameter to a row type that has a name");
    }
}
