package dev.howdah.sql;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values by name, from a Map or a record. */
final class NamedValues {

    private NamedValues() {}

    /**
     * Finds the values of the names; each has to have one.
     *
     * @throws IllegalArgumentException if one has none, or a Map has a name that is not asked for
     */
    static Map<String, @Nullable Object> of(Object values, Collection<String> names) {
        Map<String, @Nullable Object> found = switch (values) {
            case Map<?, ?> map -> of(map, names);
            case Record record -> of(record, names);
            default ->
                throw new IllegalArgumentException("values are a List, an array of objects, a Map or a record, not "
                        + values.getClass().getName());
        };
        List<String> missing = new ArrayList<>();
        for (String name : names) {
            if (!found.containsKey(name)) {
                missing.add(":" + name);
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("there is no value for " + String.join(", ", missing));
        }
        return found;
    }

    /** Finds the values that a Map has. */
    static Map<String, @Nullable Object> of(Map<?, ?> map, Collection<String> names) {
        Map<String, @Nullable Object> found = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String name) || !names.contains(name)) {
                throw unknown(String.valueOf(entry.getKey()));
            }
            found.put(name, entry.getValue());
        }
        return found;
    }

    static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("there is no placeholder :" + name
                + " in the statement; within the brackets of a subscript, a[(:" + name + ")] makes it one");
    }

    /** Finds the values that a record has: of the component with the name, or the same but for case and underscores. */
    static Map<String, @Nullable Object> of(Record record, Collection<String> names) {
        Map<String, @Nullable Object> found = new LinkedHashMap<>();
        RecordComponent[] components = record.getClass().getRecordComponents();
        for (String name : names) {
            RecordComponent component = component(components, name, record);
            if (component != null) {
                found.put(name, read(component, record));
            }
        }
        return found;
    }

    private static @Nullable RecordComponent component(RecordComponent[] components, String name, Record record) {
        @Nullable RecordComponent similar = null;
        for (RecordComponent component : components) {
            if (component.getName().equals(name)) {
                return component;
            }
            if (plain(component.getName()).equals(plain(name))) {
                if (similar != null) {
                    throw new IllegalArgumentException("the components " + similar.getName() + " and "
                            + component.getName() + " of " + record.getClass().getName() + " both fit :" + name);
                }
                similar = component;
            }
        }
        return similar;
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    private static @Nullable Object read(RecordComponent component, Record record) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "component " + component.getName() + " of "
                            + record.getClass().getName() + " cannot be read",
                    e.getCause());
        } catch (IllegalAccessException | InaccessibleObjectException e) {
            throw new IllegalArgumentException(
                    "component " + component.getName() + " of "
                            + record.getClass().getName() + " cannot be reached; its module has to open the package "
                            + record.getClass().getPackageName() + " to dev.howdah",
                    e);
        }
    }
}
