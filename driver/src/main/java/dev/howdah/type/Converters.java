package dev.howdah.type;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The converters that count in one scope, one for each class. Immutable. */
final class Converters {

    static final Converters NONE = new Converters(List.of());

    private final Map<Class<?>, Converter<?, ?>> byTarget = new HashMap<>();

    /** Takes them with the most important first. */
    Converters(List<Converter<?, ?>> all) {
        all.forEach(converter -> byTarget.putIfAbsent(converter.target(), converter));
    }

    boolean isEmpty() {
        return byTarget.isEmpty();
    }

    /** Returns whether any of them is a way back, for values that are sent. */
    boolean write() {
        return byTarget.values().stream().anyMatch(converter -> converter.back() != null);
    }

    boolean knows(Class<?> target) {
        return byTarget.containsKey(target);
    }

    /**
     * Returns the reader that goes through a converter, or through several of which one makes what the next one takes;
     * null if there is none for the class.
     */
    @Nullable
    ValueReader<?> reader(TypeCodecs type, Class<?> wanted) {
        if (!knows(wanted)) {
            return null;
        }
        Deque<Converter<?, ?>> steps = new ArrayDeque<>();
        Set<Class<?>> passed = new HashSet<>();
        Class<?> at = wanted;
        for (@Nullable Converter<?, ?> step = byTarget.get(at);
                step != null && !type.hasCodec(at);
                step = byTarget.get(at)) {
            if (!passed.add(at)) {
                throw Refusal.reading(
                        "the converters of " + wanted.getTypeName() + " lead back to " + at.getTypeName());
            }
            steps.push(step);
            at = step.source();
        }
        ValueReader<Object> reader = erased(Readers.withoutConverter(type, at));
        for (Converter<?, ?> step : steps) {
            reader = new ConvertedReader<>(reader, step::read);
        }
        return reader;
    }

    @SuppressWarnings("unchecked") // each step takes what the one before makes
    private static ValueReader<Object> erased(ValueReader<?> reader) {
        return (ValueReader<Object>) reader;
    }

    /** Returns what class a value to be sent becomes in the end, null if no converter says so or they lead in a circle. */
    @Nullable
    Class<?> source(Class<?> type) {
        Set<Class<?>> passed = new HashSet<>();
        Class<?> at = type;
        for (@Nullable Converter<?, ?> step = of(at); step != null; step = of(at)) {
            if (!passed.add(at)) {
                return null;
            }
            at = step.source();
        }
        return at == type ? null : at;
    }

    /** Returns the converter for a value that is to be sent, null if there is none. */
    @Nullable
    Converter<?, ?> of(Class<?> type) {
        @Nullable Converter<?, ?> exact = byTarget.get(type);
        if (exact != null) {
            return exact;
        }
        for (Converter<?, ?> converter : byTarget.values()) {
            if (converter.target().isAssignableFrom(type)) {
                return converter;
            }
        }
        return null;
    }
}
