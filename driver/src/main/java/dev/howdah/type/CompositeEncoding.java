package dev.howdah.type;

import dev.howdah.error.ConversionException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Encodes values of one row type: {@link Composite} and Map by name, what they do not name being NULL; records by name,
 * completely; List and Object[] in order, completely.
 */
record CompositeEncoding(CompositeStructure type, List<PartEncoding> encodings) implements ValueEncoding {

    @Override
    public void binary(Object value, ValueWriter out) {
        List<@Nullable Object> values = values(value);
        out.int32(values.size());
        for (int i = 0; i < values.size(); i++) {
            out.int32(type.attributes().get(i).typeOid());
            @Nullable Object item = values.get(i);
            try {
                @Nullable Object adapted = encodings.get(i).adapt(item);
                if (adapted == null) {
                    out.nullValue();
                    continue;
                }
                int mark = out.beginValue();
                encodings.get(i).binary(adapted, out);
                out.endValue(mark);
            } catch (TextFormRequired e) {
                throw e;
            } catch (RuntimeException e) {
                throw refused(i, item, e);
            }
        }
    }

    @Override
    public String text(Object value) {
        List<@Nullable Object> values = values(value);
        List<@Nullable String> texts = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            @Nullable Object item = values.get(i);
            try {
                @Nullable Object adapted = encodings.get(i).adapt(item);
                texts.add(adapted == null ? null : encodings.get(i).text(adapted));
            } catch (RuntimeException e) {
                throw refused(i, item, e);
            }
        }
        return CompositeText.print(texts);
    }

    private ConversionException refused(int index, @Nullable Object item, RuntimeException cause) {
        String given = item == null ? "" : " (" + item.getClass().getTypeName() + ")";
        return Refusal.writingAt("attribute \"" + type.names().get(index) + "\"" + given, cause);
    }

    private List<@Nullable Object> values(Object value) {
        if (value instanceof Composite composite) {
            return composite.attributes().equals(type.names()) ? composite.values() : named(composite.asMap());
        } else if (value instanceof Map<?, ?> map) {
            return named(map);
        } else if (value instanceof List<?> list) {
            return complete(Collections.unmodifiableList(list));
        } else if (value instanceof Object[] array) {
            return complete(Arrays.asList(array));
        } else if (value instanceof Record) {
            return type.values(value);
        }
        throw Refusal.writing("there is no such conversion; it takes " + Composite.class.getName()
                + ", a record, a Map by name, or a List or Object[] in order");
    }

    private List<@Nullable Object> named(Map<?, ?> map) {
        for (@Nullable Object key : map.keySet()) {
            if (!(key instanceof String name) || !type.names().contains(name)) {
                throw Refusal.writing("it has no attribute \"" + key + "\"; it has " + type.names());
            }
        }
        List<@Nullable Object> values = new ArrayList<>(type.names().size());
        for (String name : type.names()) {
            values.add(map.get(name));
        }
        return values;
    }

    private List<@Nullable Object> complete(List<? extends @Nullable Object> values) {
        if (values.size() != type.names().size()) {
            throw Refusal.writing(
                    values.size() + " values were given for " + type.names().size() + " attributes " + type.names());
        }
        return Collections.unmodifiableList(values);
    }
}
