package dev.howdah.type;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Chooses how a type is read as a Java type with type arguments. */
final class TypeTargets {

    private static final Set<Type> LISTS = Set.of(List.class, Collection.class, Iterable.class);

    private TypeTargets() {}

    /** Returns the reader for a Java type; throws a ConversionException if there is none. */
    static ValueReader<?> of(TypeCodecs type, Type target) {
        Type wanted = bound(type, target);
        if (wanted instanceof Class<?> plain) {
            return plain(type, plain);
        } else if (wanted instanceof ParameterizedType generic) {
            return generic(type, generic);
        } else if (wanted instanceof GenericArrayType array) {
            return array(type, array);
        }
        throw refused(type, target, "a type variable does not tell what it stands for");
    }

    /** Returns what a wildcard stands for. */
    private static Type bound(TypeCodecs type, Type target) {
        if (!(target instanceof WildcardType wildcard)) {
            return target;
        }
        if (wildcard.getLowerBounds().length > 0) {
            throw refused(type, target, "\"? super\" does not tell what it stands for");
        }
        return bound(type, wildcard.getUpperBounds()[0]);
    }

    private static ValueReader<?> plain(TypeCodecs type, Class<?> wanted) {
        if (wanted == Optional.class) {
            return optional(type.standard());
        } else if (wanted == OptionalInt.class) {
            return new OptionalReader<>(
                    cast(Integer.class, Readers.of(type, Integer.class)), OptionalInt::of, OptionalInt.empty());
        } else if (wanted == OptionalLong.class) {
            return new OptionalReader<>(
                    cast(Long.class, Readers.of(type, Long.class)), OptionalLong::of, OptionalLong.empty());
        } else if (wanted == OptionalDouble.class) {
            return new OptionalReader<>(
                    cast(Double.class, Readers.of(type, Double.class)), OptionalDouble::of, OptionalDouble.empty());
        } else if (wanted == Set.class && isArray(type) && !type.hasCodec(Set.class)) {
            return elements(type, Object.class, wanted, true);
        }
        return Readers.of(type, wanted);
    }

    @SuppressWarnings("unchecked") // asked for as that class
    private static <T> ValueReader<T> cast(Class<T> asked, ValueReader<?> reader) {
        return (ValueReader<T>) reader;
    }

    /** Returns what stands for SQL NULL where a Java type is due. */
    static @Nullable Object whenNull(Type target) {
        @Nullable Class<?> raw = rawOf(target);
        if (raw == Optional.class) {
            return Optional.empty();
        } else if (raw == OptionalInt.class) {
            return OptionalInt.empty();
        } else if (raw == OptionalLong.class) {
            return OptionalLong.empty();
        }
        return raw == OptionalDouble.class ? OptionalDouble.empty() : null;
    }

    private static <T> ValueReader<Optional<T>> optional(ValueReader<T> present) {
        return new OptionalReader<>(present, Optional::ofNullable, Optional.empty());
    }

    private static ValueReader<?> generic(TypeCodecs type, ParameterizedType wanted) {
        Class<?> raw = (Class<?>) wanted.getRawType();
        Type[] arguments = wanted.getActualTypeArguments();
        if (raw == Optional.class) {
            if (rawOf(bound(type, arguments[0])) == Optional.class) {
                throw refused(type, wanted, "an Optional within an Optional cannot tell which of them NULL empties");
            }
            return optional(of(type, arguments[0]));
        } else if (type.general() instanceof JsonCodec json && json.hasMapper() && !type.convertsTo(raw)) {
            return Readers.json(json, raw, wanted);
        } else if (raw == Map.class) {
            return map(type, wanted, bound(type, arguments[0]), bound(type, arguments[1]));
        } else if (type.hasCodec(raw) || type.converters().knows(raw)) {
            // Whoever registered it knows what it holds.
            return Readers.of(type, raw);
        }
        @Nullable Structure structure = type.structure();
        if (raw == Range.class && structure instanceof RangeStructure range) {
            return RangeStructure.of(of(range.bound(), arguments[0]));
        } else if (raw == Multirange.class && structure instanceof MultirangeStructure multirange) {
            return new MultirangeReader<>(
                    RangeStructure.of(of(multirange.range().bound(), arguments[0])));
        } else if (isArray(type) && (LISTS.contains(raw) || raw == Set.class || raw == PgArray.class)) {
            return raw == PgArray.class
                    ? Readers.arrays(type, of(type.elementCodecs(), arguments[0]))
                    : elements(type, arguments[0], wanted, raw == Set.class);
        } else if (raw == List.class && bound(type, arguments[0]) == Object.class) {
            return Readers.of(type, List.class);
        } else if (raw.isRecord()) {
            throw refused(type, wanted, RecordClass.GENERIC);
        }
        throw refused(
                type,
                wanted,
                "there is no such conversion; its own class is "
                        + type.defaultType().getTypeName());
    }

    private static boolean isArray(TypeCodecs type) {
        return type.element() != null && type.general() == null;
    }

    /** Reads arrays as lists, lists of lists and so on, the outermost of which may be a set. */
    private static ValueReader<?> elements(TypeCodecs type, Type argument, Type wanted, boolean set) {
        TypeCodecs element = type.elementCodecs();
        Type leaf = bound(type, argument);
        int depth = 1;
        while (leaf instanceof ParameterizedType inner
                && LISTS.contains(inner.getRawType())
                && !isArray(element)
                && element.structure() == null
                && !element.hasCodec((Class<?>) inner.getRawType())) {
            leaf = bound(type, inner.getActualTypeArguments()[0]);
            depth++;
        }
        // Of the default class nothing is promised, so that the elements of an array of arrays may be lists.
        int due = leaf == Object.class && depth == 1 ? 0 : depth;
        return new ConvertedReader<>(Readers.arrays(type, of(element, leaf)), array -> {
            List<@Nullable Object> list = list(array, due, wanted);
            return set ? Collections.unmodifiableSet(new LinkedHashSet<>(list)) : list;
        });
    }

    private static List<@Nullable Object> list(PgArray<?> array, int due, Type wanted) {
        int dimensions = array.dimensions().length;
        if (due != 0 && dimensions != 0 && dimensions != due) {
            throw Refusal.reading("the array has " + dimensions + " dimensions where " + due + " are due for "
                    + wanted.getTypeName());
        }
        return array.toList();
    }

    private static ValueReader<?> array(TypeCodecs type, GenericArrayType wanted) {
        if (!isArray(type)) {
            throw refused(type, wanted, "it is no array");
        }
        Type leaf = wanted;
        int depth = 0;
        while (leaf instanceof GenericArrayType array) {
            leaf = array.getGenericComponentType();
            depth++;
        }
        @Nullable Class<?> component = rawOf(leaf);
        if (component == null) {
            throw refused(type, wanted, "a type variable does not tell what it stands for");
        }
        int dimensions = depth;
        return new ConvertedReader<>(
                Readers.arrays(type, of(type.elementCodecs(), leaf)),
                array -> JavaArrays.of(array, component, dimensions));
    }

    private static @Nullable Class<?> rawOf(Type type) {
        if (type instanceof Class<?> plain) {
            return plain;
        }
        return type instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : null;
    }

    private static ValueReader<?> map(TypeCodecs type, ParameterizedType wanted, Type key, Type value) {
        boolean anyKey = key == Object.class;
        if (anyKey || key == String.class) {
            if (type.structure() instanceof CompositeStructure composite && value != Object.class) {
                return composite.map(value);
            }
            boolean text = type.hasCodec(Map.class) && type.generalCodec() instanceof HstoreCodec;
            if (value == Object.class || text && value == String.class) {
                return Readers.of(type, Map.class);
            }
            if (text) {
                throw refused(type, wanted, "its values are text: read it as Map<String, String>");
            }
        }
        if (type.hasCodec(Map.class) && !(type.codecs().getFirst() instanceof BuiltinCodec)) {
            return Readers.of(type, Map.class);
        }
        throw refused(
                type,
                wanted,
                "there is no such conversion; its own class is "
                        + type.defaultType().getTypeName());
    }

    private static RuntimeException refused(TypeCodecs type, Type target, String reason) {
        return Refusal.reading(type.type(), target.getTypeName(), Refusal.reading(reason));
    }

    /** Returns an unmodifiable list of the same length, for readers of all attributes alike. */
    static List<ValueReader<?>> all(List<TypeCodecs> types, Type target) {
        List<ValueReader<?>> readers = new ArrayList<>(types.size());
        types.forEach(type -> readers.add(of(type, target)));
        return List.copyOf(readers);
    }
}
