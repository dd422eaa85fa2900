package dev.howdah.type;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of one record class: its components, its constructor and its accessors. */
final class RecordClass {

    static final String GENERIC =
            "a record with type parameters is not read, for its components do not tell what they hold";

    private static final ClassValue<RecordClass> KNOWN = new ClassValue<>() {
        @Override
        protected RecordClass computeValue(Class<?> type) {
            return new RecordClass(type);
        }
    };

    private final Class<?> type;
    private final RecordComponent[] components;
    private final MethodHandle constructor;
    private final List<MethodHandle> accessors = new ArrayList<>();

    private RecordClass(Class<?> type) {
        this.type = type;
        RecordComponent @Nullable [] found = type.getRecordComponents();
        if (found == null) {
            throw new IllegalArgumentException(type.getTypeName() + " is not a record");
        }
        if (type.getTypeParameters().length > 0) {
            throw new IllegalArgumentException(type.getTypeName() + ": " + GENERIC);
        }
        this.components = found;
        Class<?>[] types = Arrays.stream(found).map(RecordComponent::getType).toArray(Class<?>[]::new);
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
                    "the record " + type.getTypeName() + " cannot be reached: its "
                            + (type.getModule().isNamed()
                                    ? "module " + type.getModule().getName()
                                    : "module")
                            + " has to say \"opens " + type.getPackageName() + " to dev.howdah;\"",
                    e);
        }
    }

    /**
     * Returns what is known of a record class.
     *
     * @throws IllegalArgumentException if it is no record, has type parameters, or its module does not open it
     */
    static RecordClass of(Class<?> type) {
        return KNOWN.get(type);
    }

    Class<?> type() {
        return type;
    }

    int size() {
        return components.length;
    }

    /** Returns the name of a component in Java. */
    String name(int component) {
        return components[component].getName();
    }

    /** Returns the name that a component is looked for by. */
    String wantedName(int component) {
        @Nullable ColumnName annotation = components[component].getAnnotation(ColumnName.class);
        return annotation == null ? name(component) : annotation.value();
    }

    /** Returns the class of a component. */
    Class<?> type(int component) {
        return components[component].getType();
    }

    /** Returns the type of a component with its type arguments. */
    Type genericType(int component) {
        return components[component].getGenericType();
    }

    /**
     * Makes a record.
     *
     * @param arguments one for each component, null for a primitive in none of them
     */
    Object make(@Nullable Object[] arguments) {
        try {
            return (Object) constructor.invokeExact(arguments);
        } catch (PgException | Error e) {
            throw e;
        } catch (Throwable e) {
            // Its message may hold values.
            throw new ConversionException(
                    "the constructor of " + type.getTypeName() + " refused the values with "
                            + e.getClass().getName(),
                    Delivery.COMPLETED,
                    e);
        }
    }

    /** Returns the value of a component. */
    @Nullable
    Object value(Object record, int component) {
        try {
            return (Object) accessors.get(component).invokeExact(record);
        } catch (PgException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new ConversionException(
                    "the accessor " + name(component) + " of " + type.getTypeName() + " failed with "
                            + e.getClass().getName(),
                    Delivery.NOT_SENT,
                    e);
        }
    }
}
