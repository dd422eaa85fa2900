package dev.howdah.type;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a row type as what records are made of. A {@link CompositeReader} reads all of them in order; which
 * reader each one takes is found out while the mapping is made.
 */
final class AttributeSource implements RecordMapping.Source<List<@Nullable Object>> {

    private final CompositeStructure type;
    private final boolean reads;
    private final List<ValueReader<?>> readers;

    /**
     * Begins.
     *
     * @param reads whether records are to be made; else they are only taken apart
     */
    AttributeSource(CompositeStructure type, boolean reads) {
        this.type = type;
        this.reads = reads;
        this.readers = new ArrayList<>(type.standards());
    }

    /** Returns the reader of each attribute, once the mapping has been made. */
    List<ValueReader<?>> readers() {
        return readers;
    }

    @Override
    public List<String> names() {
        return type.names();
    }

    @Override
    public String noun() {
        return "attribute";
    }

    @Override
    public TypeCodecs type(int index) {
        return type.codecs().get(index);
    }

    @Override
    public boolean converts(Class<?> target) {
        return type.codecs().stream().anyMatch(codecs -> codecs.converters().knows(target));
    }

    @Override
    public Function<List<@Nullable Object>, @Nullable Object> getter(int index, Type target) {
        if (reads) {
            readers.set(index, TypeTargets.of(type(index), target));
        }
        return values -> values.get(index);
    }

    @Override
    public boolean isNull(List<@Nullable Object> from, int index) {
        return Objects.equals(from.get(index), readers.get(index).whenNull());
    }
}
