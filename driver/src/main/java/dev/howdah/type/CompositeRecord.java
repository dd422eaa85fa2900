package dev.howdah.type;

import dev.howdah.error.PgException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A Java record whose components stand for the attributes of a row type: of the same name, or but for case and {@code _}. */
final class CompositeRecord {

    private static final ClassValue<CompositeRecord> KNOWN = new ClassValue<>() {
        @Override
        protected CompositeRecord computeValue(Class<?> type) {
            return new CompositeRecord(type);
        }
    };

    private final Class<?> type;
    private final RecordComponent[] components;
    private final MethodHandle constructor;
    private final List<MethodHandle> accessors = new ArrayList<>();

    private CompositeRecord(Class<?> type) {
        this.type = type;
        this.components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> canonical = type.getDeclaredConstructor(types);
            canonical.setAccessible(true);
            this.constructor = MethodHandles.lookup()
                    .unreflectConstructor(canonical)
                    .asSpreader(Object[].class, types.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
            for (RecordComponent component : components) {
                Method accessor = component.getAccessor();
                accessor.setAccessible(true);
                accessors.add(MethodHandles.lookup()
                        .unreflect(accessor)
                        .asType(MethodType.methodType(Object.class, Object.class)));
            }
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            throw new IllegalArgumentException(
                    "the record " + type.getName() + " cannot be reached; its module has to open the package "
                            + type.getPackageName() + " to dev.howdah",
                    e);
        }
    }

    /**
     * Returns what is known of a record class.
     *
     * @throws IllegalArgumentException if its module does not open it
     */
    static CompositeRecord of(Class<?> type) {
        return KNOWN.get(type);
    }

    int size() {
        return components.length;
    }

    Class<?> type(int component) {
        return components[component].getType();
    }

    /** Returns for each component the index of its attribute; refuses a component without one. */
    int[] places(List<String> attributes) {
        int[] places = new int[components.length];
        for (int i = 0; i < places.length; i++) {
            String component = components[i].getName();
            places[i] = find(attributes, component, "attributes");
            if (places[i] < 0) {
                throw Refusal.reading(
                        "there is no attribute for the component " + component + ", there is " + attributes);
            }
            for (int j = 0; j < i; j++) {
                if (places[j] == places[i]) {
                    throw Refusal.reading("the components " + components[j].getName() + " and " + component
                            + " both stand for the attribute " + attributes.get(places[i]));
                }
            }
        }
        return places;
    }

    /** Finds the same name, or the one that is the same but for case and underscores; -1 if there is none. */
    private static int find(List<String> names, String wanted, String what) {
        int exact = names.indexOf(wanted);
        if (exact >= 0) {
            return exact;
        }
        int found = -1;
        for (int i = 0; i < names.size(); i++) {
            if (plain(names.get(i)).equals(plain(wanted))) {
                if (found >= 0) {
                    throw Refusal.reading(
                            "the " + what + " " + names.get(found) + " and " + names.get(i) + " both fit " + wanted);
                }
                found = i;
            }
        }
        return found;
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    /**
     * Makes a record.
     *
     * @param values those of all attributes
     * @param places for each component the index of its value
     */
    Object make(List<@Nullable Object> values, int[] places) {
        @Nullable Object[] arguments = new Object[places.length];
        for (int i = 0; i < places.length; i++) {
            arguments[i] = values.get(places[i]);
            if (arguments[i] == null && type(i).isPrimitive()) {
                throw Refusal.reading("attribute for the component " + components[i].getName()
                        + " is NULL, which the primitive " + type(i) + " cannot be");
            }
        }
        try {
            return constructor.invokeExact(arguments);
        } catch (PgException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw Refusal.readingAt("the constructor refused the values", new IllegalArgumentException(e));
        }
    }

    /** Returns the values of a record in the order of the attributes, each of which has to have a component. */
    List<@Nullable Object> values(Object record, List<String> attributes) {
        @Nullable Object[] values = new Object[attributes.size()];
        boolean[] given = new boolean[values.length];
        int[] places = places(attributes);
        for (int i = 0; i < places.length; i++) {
            values[places[i]] = value(record, i);
            given[places[i]] = true;
        }
        for (int i = 0; i < given.length; i++) {
            if (!given[i]) {
                throw Refusal.writing(
                        type.getTypeName() + " has no component for the attribute \"" + attributes.get(i) + "\"");
            }
        }
        return Arrays.asList(values);
    }

    private @Nullable Object value(Object record, int component) {
        try {
            return (Object) accessors.get(component).invokeExact(record);
        } catch (PgException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw Refusal.writingAt(
                    "the accessor of " + components[component].getName(), new IllegalArgumentException(e));
        }
    }
}
