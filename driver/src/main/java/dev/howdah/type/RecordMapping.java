package dev.howdah.type;

import dev.howdah.error.ConversionException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a Java record is made of named values: of the columns of a row, or of the attributes of a value of a row type. Made
 * once for each set of names; immutable and safe for several threads.
 *
 * <ol>
 *   <li>A component stands for the column of its name, or of the name that {@link ColumnName} says: for the one that has
 *       just this name, else for the one whose name is the same but for case and underscores. None, or several, are
 *       refused. Columns that no component stands for do no harm.
 *   <li>A component that is a record itself stands for one column if that holds such a record: if its type is a row type,
 *       or has a codec or a converter for the class. Otherwise its own components are looked for behind the component's
 *       name and an underscore: those of {@code Address home} as {@code home_street}, {@code home_town}. If the columns of
 *       all of them are NULL, as after an outer join, the whole component is null. So that this has an end, a record
 *       cannot contain itself, and records stand within each other 16 deep at most.
 *   <li>A value is read as the type of its component, type arguments included; {@code Object} means the default class. SQL
 *       NULL is null, an empty {@code Optional}, or refused for a primitive.
 *   <li>A type that is never read as its component's is refused when the mapping is made, before any value is seen.
 * </ol>
 *
 * <p>Rows use this by {@code Rows.as}; use that. Records with type parameters are refused. The constructor called is the
 * canonical one, which need not be public, but a named module has to open the record's package to {@code dev.howdah}.
 *
 * @param <S> what one record is made of, a row for example
 * @param <T> the record
 * @see <a href="https://www.postgresql.org/docs/current/rowtypes.html">Composite types</a>
 */
public final class RecordMapping<S, T> {

    /** So many records stand within each other at most. */
    private static final int MAX_DEPTH = 16;

    private final RecordClass record;
    private final Part<S>[] parts;
    private final Source<S> source;

    /**
     * What there is to make records of.
     *
     * @param <S> what one record is made of
     */
    public interface Source<S> {

        /** {@return the names of the values, in order} */
        List<String> names();

        /** {@return what the values are called, in the singular: column, attribute} */
        String noun();

        /** {@return what serves the type of a value} */
        TypeCodecs type(int index);

        /** {@return whether values of this class have a converter, so that they are never put together of several} */
        boolean converts(Class<?> target);

        /**
         * Makes what gets a value.
         *
         * @param target what to read it as
         * @throws dev.howdah.error.ConversionException if values of its type are never read so
         */
        Function<S, @Nullable Object> getter(int index, Type target);

        /** {@return whether a value is SQL NULL} */
        boolean isNull(S from, int index);
    }

    /** Where the value of a component comes from. */
    private sealed interface Part<S> {}

    private record Single<S>(int index, Function<S, @Nullable Object> getter) implements Part<S> {}

    private record Nested<S>(RecordMapping<S, ?> mapping, boolean optional) implements Part<S> {}

    private RecordMapping(RecordClass record, Part<S>[] parts, Source<S> source) {
        this.record = record;
        this.parts = parts;
        this.source = source;
    }

    /**
     * Makes a mapping.
     *
     * @param <S> what one record is made of
     * @param <T> the record
     * @param type the record's class
     * @param source what there is to make it of
     * @return never null
     * @throws IllegalArgumentException if the class is no record, has type parameters, or is not open to this module
     * @throws dev.howdah.error.ConversionException if a component stands for nothing or for several values, or a value's
     *     type is never read as its component's
     */
    public static <S, T> RecordMapping<S, T> of(Class<T> type, Source<S> source) {
        return new Maker<>(source).make(type, "", new LinkedHashSet<>());
    }

    /**
     * Makes one record.
     *
     * @param from what to make it of
     * @return never null
     * @throws dev.howdah.error.ConversionException if a value cannot be read, is NULL where a primitive is due, or the
     *     constructor throws, which is the cause then
     */
    public T map(S from) {
        @Nullable Object[] values = new Object[parts.length];
        for (int i = 0; i < values.length; i++) {
            Part<S> part = parts[i];
            if (part instanceof Single<S> single) {
                Object value = single.getter.apply(from);
                if (value == null && record.type(i).isPrimitive()) {
                    throw nullForPrimitive(i, single.index);
                }
                values[i] = value;
            } else if (part instanceof Nested<S> nested) {
                @Nullable Object value = nested.mapping.allNull(from) ? null : nested.mapping.map(from);
                values[i] = nested.optional ? Optional.ofNullable(value) : value;
            }
        }
        @SuppressWarnings("unchecked") // the constructor is that of the class
        T made = (T) record.make(values);
        return made;
    }

    private RuntimeException nullForPrimitive(int component, int index) {
        return Refusal.reading("the " + source.noun() + " " + source.names().get(index) + " ("
                + source.type(index).type().displayName() + ") is NULL, which the component " + record.name(component)
                + " of " + record.type().getTypeName() + " cannot be, since it is the primitive "
                + record.type(component) + "; make it a wrapper class or an Optional");
    }

    private boolean allNull(S from) {
        for (Part<S> part : parts) {
            boolean empty = part instanceof Single<S> single
                    ? source.isNull(from, single.index)
                    : ((Nested<S>) part).mapping.allNull(from);
            if (!empty) {
                return false;
            }
        }
        return true;
    }

    /**
     * Puts the values of a record where they belong; those of a record within it that is null, and of an empty Optional,
     * are null.
     */
    void spread(@Nullable Object from, @Nullable Object[] values) {
        for (int i = 0; i < parts.length; i++) {
            @Nullable Object value = from == null ? null : record.value(from, i);
            value = present(value);
            Part<S> part = parts[i];
            if (part instanceof Single<S> single) {
                values[single.index] = value;
            } else if (part instanceof Nested<S> nested) {
                nested.mapping.spread(value, values);
            }
        }
    }

    private static @Nullable Object present(@Nullable Object value) {
        return switch (value) {
            case Optional<?> optional -> optional.orElse(null);
            case OptionalInt optional -> optional.isPresent() ? optional.getAsInt() : null;
            case OptionalLong optional -> optional.isPresent() ? optional.getAsLong() : null;
            case OptionalDouble optional -> optional.isPresent() ? optional.getAsDouble() : null;
            case null, default -> value;
        };
    }

    /**
     * Returns the values that a record stands for, as {@link Source#names()} has them; those that no component stands for are
     * null.
     *
     * @param from the record
     * @return a new array
     */
    public @Nullable Object[] values(T from) {
        @Nullable Object[] values = new @Nullable Object[source.names().size()];
        spread(from, values);
        return values;
    }

    /** {@return what values no component stands for; a new set} */
    public Set<Integer> unused() {
        Set<Integer> unused = new LinkedHashSet<>();
        for (int i = 0; i < source.names().size(); i++) {
            unused.add(i);
        }
        removeUsed(unused);
        return unused;
    }

    private void removeUsed(Set<Integer> unused) {
        for (Part<S> part : parts) {
            if (part instanceof Single<S> single) {
                unused.remove(single.index);
            } else if (part instanceof Nested<S> nested) {
                nested.mapping.removeUsed(unused);
            }
        }
    }

    /** Makes a mapping and those within it. */
    private static final class Maker<S> {

        private final Source<S> source;
        private final NameIndex names;
        /** Which component stands for each value, as it is called in messages. */
        private final Map<Integer, String> taken = new HashMap<>();

        Maker(Source<S> source) {
            this.source = source;
            this.names = new NameIndex(source.names());
        }

        private String plural() {
            return source.noun() + "s";
        }

        <T> RecordMapping<S, T> make(Class<T> type, String prefix, Set<Class<?>> around) {
            if (!around.add(type) || around.size() > MAX_DEPTH) {
                throw Refusal.reading("the record " + type.getTypeName()
                        + (around.size() > MAX_DEPTH ? " stands too deep within others" : " contains itself")
                        + ", and there is no " + source.noun() + " of a row type that it could be read from");
            }
            RecordClass record = RecordClass.of(type);
            @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of generic types
            Part<S>[] parts = new Part[record.size()];
            for (int i = 0; i < parts.length; i++) {
                parts[i] = part(record, i, prefix, around);
            }
            around.remove(type);
            return new RecordMapping<>(record, parts, source);
        }

        private Part<S> part(RecordClass record, int component, String prefix, Set<Class<?>> around) {
            Type target = record.genericType(component);
            String wanted = prefix + record.wantedName(component);
            int index = names.find(wanted, plural());
            @Nullable Class<?> inner = recordWithin(target);
            if (inner != null && (index < 0 || !source.type(index).holds(inner)) && !source.converts(inner)) {
                try {
                    return new Nested<>(make(inner, wanted + "_", around), record.type(component) == Optional.class);
                } catch (ConversionException e) {
                    throw index < 0
                            ? Refusal.readingAt(
                                    "no " + source.noun() + " " + wanted + " holds a " + inner.getTypeName(), e)
                            : noRow(wanted, index, inner, e);
                }
            }
            String place = record.type().getTypeName() + "." + record.name(component);
            if (index < 0) {
                throw Refusal.reading("there is no " + source.noun() + " " + wanted + " for the component " + place
                        + "; there is " + names);
            }
            @Nullable String other = taken.put(index, place);
            if (other != null) {
                throw Refusal.reading("the components " + other + " and " + place + " both stand for the "
                        + source.noun() + " " + source.names().get(index));
            }
            return new Single<>(index, getter(index, target, place));
        }

        private Function<S, @Nullable Object> getter(int index, Type target, String place) {
            try {
                return source.getter(index, target);
            } catch (ConversionException e) {
                throw Refusal.readingAt(
                        "the " + source.noun() + " " + source.names().get(index) + " for the component " + place, e);
            }
        }

        private RuntimeException noRow(String wanted, int index, Class<?> inner, RuntimeException cause) {
            return Refusal.readingAt(
                    "the " + source.noun() + " " + wanted + " is "
                            + source.type(index).type().displayName() + ", no row type that " + inner.getTypeName()
                            + " could be read from, nor is a converter registered for it"
                            + " (TypeRegistry.registerConverter)",
                    cause);
        }

        /** Returns the record that a component is, or holds if it is an Optional; null if it is something else. */
        private static @Nullable Class<?> recordWithin(Type target) {
            if (target instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
                return recordWithin(generic.getActualTypeArguments()[0]);
            }
            return target instanceof Class<?> type && type.isRecord() ? type : null;
        }
    }
}
