package dev.howdah.type;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value of a row type: of a type made by CREATE TYPE, of a table, or an anonymous record. Immutable as far as its values
 * are, and then safe for several threads.
 *
 * <p>Attributes are counted from 0. Those of an anonymous record, such as {@code ROW(1, 'a')}, are called {@code f1},
 * {@code f2} and so on. Two composites are equal if their attributes and values are, in the same order.
 *
 * @see <a href="https://www.postgresql.org/docs/current/rowtypes.html">Composite types</a>
 */
public final class Composite {

    private final List<String> attributes;
    private final List<@Nullable Object> values;

    /** Takes both lists as they are: unmodifiable, of the same length. */
    Composite(List<String> attributes, List<@Nullable Object> values) {
        this.attributes = attributes;
        this.values = values;
    }

    /**
     * Makes a value.
     *
     * @param attributes the names of the attributes; copied
     * @param values their values, null for NULL; copied
     * @return never null
     * @throws IllegalArgumentException if there are not as many values as names, or a name comes twice
     */
    public static Composite of(List<String> attributes, List<? extends @Nullable Object> values) {
        if (attributes.size() != values.size()) {
            throw new IllegalArgumentException(
                    attributes.size() + " attributes cannot have " + values.size() + " values");
        }
        if (new HashSet<>(attributes).size() != attributes.size()) {
            throw new IllegalArgumentException("two attributes have the same name");
        }
        return new Composite(List.copyOf(attributes), Collections.unmodifiableList(new ArrayList<>(values)));
    }

    /**
     * Makes a value.
     *
     * @param values the values, null for NULL, by the name of their attribute; copied, in the map's order
     * @return never null
     */
    public static Composite of(Map<String, ? extends @Nullable Object> values) {
        return of(List.copyOf(values.keySet()), new ArrayList<>(values.values()));
    }

    /** {@return how many attributes there are} */
    public int size() {
        return values.size();
    }

    /** {@return the names of the attributes in order; unmodifiable} */
    public List<String> attributes() {
        return attributes;
    }

    /** {@return the values in order, null for NULL; unmodifiable} */
    public List<@Nullable Object> values() {
        return values;
    }

    /**
     * {@return a value, null for NULL}
     *
     * @param index the attribute's index, from 0
     * @throws IndexOutOfBoundsException if there is no such attribute
     */
    public @Nullable Object get(int index) {
        if (index < 0 || index >= values.size()) {
            throw new IndexOutOfBoundsException("attribute " + index + " of " + values.size());
        }
        return values.get(index);
    }

    /**
     * {@return a value, null for NULL}
     *
     * @param attribute the attribute's name, letter for letter
     * @throws IllegalArgumentException if there is no such attribute
     */
    public @Nullable Object get(String attribute) {
        return values.get(indexOf(attribute));
    }

    /**
     * {@return a value as a class, null for NULL} The value was read as the default class of its type; from there, numbers
     * become other numbers if nothing is lost, and text becomes an enum. To have attributes read as other classes from
     * the beginning, read the whole as a record.
     *
     * @param index the attribute's index, from 0
     * @param type the class; that of a primitive stands for its wrapper
     * @throws IndexOutOfBoundsException if there is no such attribute
     * @throws dev.howdah.error.ConversionException if the value is of another class
     */
    public <T> @Nullable T get(int index, Class<T> type) {
        @Nullable Object value = get(index);
        return value == null ? null : convert(value, type, attributes.get(index));
    }

    /**
     * {@return a value as a class, null for NULL}
     *
     * @param attribute the attribute's name, letter for letter
     * @param type the class; that of a primitive stands for its wrapper
     * @throws IllegalArgumentException if there is no such attribute
     * @throws dev.howdah.error.ConversionException if the value is of another class
     * @see #get(int, Class)
     */
    public <T> @Nullable T get(String attribute, Class<T> type) {
        return get(indexOf(attribute), type);
    }

    private int indexOf(String attribute) {
        int index = attributes.indexOf(attribute);
        if (index < 0) {
            throw new IllegalArgumentException("there is no attribute \"" + attribute + "\", there is " + attributes);
        }
        return index;
    }

    @SuppressWarnings("unchecked") // a primitive's class cannot cast its wrapper
    private static <T> T convert(Object value, Class<T> type, String attribute) {
        Class<?> wanted = Readers.boxed(type);
        if (wanted.isInstance(value)) {
            return (T) value;
        } else if (value instanceof Number number) {
            @Nullable Function<Number, Object> conversion = NumberConversion.reading(wanted);
            if (conversion != null) {
                return (T) conversion.apply(number);
            }
        } else if (value instanceof String text && wanted.isEnum()) {
            return (T) EnumLabels.of(wanted).constant(text, false);
        }
        throw Refusal.reading(
                "attribute \"" + attribute + "\" is " + value.getClass().getTypeName() + ", not " + type.getTypeName());
    }

    /** {@return the values, null for NULL, by the name of their attribute, in order; unmodifiable} */
    public Map<String, @Nullable Object> asMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            map.put(attributes.get(i), values.get(i));
        }
        return Collections.unmodifiableMap(map);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Composite composite
                && attributes.equals(composite.attributes)
                && values.equals(composite.values);
    }

    @Override
    public int hashCode() {
        return attributes.hashCode() * 31 + values.hashCode();
    }

    /** Returns names and values as in {@code (id=1, name=null)}. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("(");
        for (int i = 0; i < values.size(); i++) {
            out.append(i == 0 ? "" : ", ").append(attributes.get(i)).append('=').append(values.get(i));
        }
        return out.append(')').toString();
    }
}
