package dev.howdah.type;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The adapters of one scope. Never changes but for what it remembers of classes that were looked up. */
final class Adapters {

    static final Adapters NONE = new Adapters(Map.of());

    private final Map<Class<?>, Adapter<?>> byClass;
    private final ConcurrentHashMap<Class<?>, Optional<Adapter<?>>> found = new ConcurrentHashMap<>();

    private Adapters(Map<Class<?>, Adapter<?>> byClass) {
        this.byClass = Map.copyOf(byClass);
    }

    Adapters with(Class<?> type, Adapter<?> adapter) {
        Map<Class<?>, Adapter<?>> all = new HashMap<>(byClass);
        all.put(type, adapter);
        return new Adapters(all);
    }

    Adapters without(Class<?> type) {
        Map<Class<?>, Adapter<?>> all = new HashMap<>(byClass);
        all.remove(type);
        return new Adapters(all);
    }

    boolean isEmpty() {
        return byClass.isEmpty();
    }

    /** Finds the adapter of the class itself, else of the nearest class above it, else of an interface, else of Object. */
    @Nullable
    Adapter<?> find(Class<?> type) {
        return found.computeIfAbsent(type, c -> Optional.ofNullable(search(c))).orElse(null);
    }

    private @Nullable Adapter<?> search(Class<?> type) {
        for (@Nullable Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
            @Nullable Adapter<?> adapter = byClass.get(c);
            if (adapter != null) {
                return adapter;
            }
        }
        for (Class<?> each : interfaces(type)) {
            @Nullable Adapter<?> adapter = byClass.get(each);
            if (adapter != null) {
                return adapter;
            }
        }
        return byClass.get(Object.class);
    }

    /** Returns all interfaces, those stated nearest to the class first. */
    private static Set<Class<?>> interfaces(Class<?> type) {
        Set<Class<?>> found = new LinkedHashSet<>();
        Deque<Class<?>> open = new ArrayDeque<>();
        for (@Nullable Class<?> c = type; c != null; c = c.getSuperclass()) {
            open.addAll(List.of(c.getInterfaces()));
        }
        while (!open.isEmpty()) {
            Class<?> next = open.remove();
            if (found.add(next)) {
                open.addAll(List.of(next.getInterfaces()));
            }
        }
        return found;
    }

    /** Applies adapters until none is left that has not had its turn. */
    static @Nullable Object apply(Object value, TypeRegistry types) {
        Set<Class<?>> seen = new LinkedHashSet<>();
        @Nullable Object current = value;
        while (current != null) {
            if (current instanceof Optional<?> optional) {
                current = optional.orElse(null);
                continue;
            }
            Class<?> type = current.getClass();
            if (!seen.add(type)) {
                throw Refusal.writing("the adapters of "
                        + seen.stream().map(Class::getTypeName).collect(Collectors.joining(", "))
                        + " lead to each other without end");
            }
            @Nullable Adapter<?> adapter = types.adapter(type);
            if (adapter == null) {
                return current;
            }
            current = ask(adapter, current);
            if (current != null && current.getClass() == type) {
                return current;
            }
        }
        return null;
    }

    private static @Nullable Object ask(Adapter<?> adapter, Object value) {
        @SuppressWarnings("unchecked") // it was registered for the class or one above
        Adapter<Object> own = (Adapter<Object>) adapter;
        try {
            return own.adapt(value);
        } catch (RuntimeException e) {
            // A foreign message may hold the value.
            throw new ConversionException(
                    "the adapter for " + value.getClass().getTypeName() + " failed with "
                            + e.getClass().getName(),
                    Delivery.NOT_SENT,
                    e);
        }
    }

    /** Adapts a value that stands within another, where SQL text has to be a constant. */
    static @Nullable Object part(Object value, TypeRegistry types) {
        @Nullable Object adapted = apply(value, types);
        if (!(adapted instanceof SqlQuote quote)) {
            return adapted;
        }
        // The session's setting is not known here; without a backslash it does not matter.
        String sql = quote.quoted();
        boolean clear = !sql.strip().startsWith("'") || sql.indexOf('\\') < 0;
        @Nullable SqlConstant constant = clear ? SqlConstant.of(sql, true) : null;
        if (constant == null) {
            throw Refusal.writing("within another value the SQL text of "
                    + value.getClass().getTypeName()
                    + " has to be one constant, and a string with a backslash has to be written as E'...'");
        }
        return constant.value();
    }

    /** Adapts the elements of an array. */
    static PgArray<?> elements(PgArray<?> array, TypeRegistry types) {
        @Nullable List<@Nullable Object> changed = null;
        @Nullable Class<?> plain = null;
        List<?> elements = array.elements();
        for (int i = 0; i < elements.size(); i++) {
            @Nullable Object element = elements.get(i);
            if (element == null || element.getClass() == plain) {
                continue;
            }
            if (types.isPlain(element.getClass())) {
                plain = element.getClass();
                continue;
            }
            if (changed == null) {
                changed = new ArrayList<>(elements);
            }
            changed.set(i, part(element, types));
        }
        return changed == null ? array : PgArray.of(array.dimensions(), array.lowerBounds(), changed);
    }
}
