package dev.howdah;

import dev.howdah.error.ConversionException;
import dev.howdah.error.PgException;
import dev.howdah.session.RowShape;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.RecordComponent;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of one shape become records of one class: which column goes to which component. Made once for each shape
 * and class.
 */
final class RecordPlan<T> {

    private final Class<T> type;
    private final Class<?>[] componentTypes;
    private final int[] columns;
    private final MethodHandle constructor;

    private RecordPlan(Class<T> type, Class<?>[] componentTypes, int[] columns, MethodHandle constructor) {
        this.type = type;
        this.componentTypes = componentTypes;
        this.columns = columns;
        this.constructor = constructor;
    }

    @SuppressWarnings("unchecked")
    static <T> RecordPlan<T> of(RowShape shape, Class<T> type) {
        if (shape.plan() instanceof RecordPlan<?> plan && plan.type == type) {
            return (RecordPlan<T>) plan;
        }
        RecordPlan<T> plan = make(shape, type);
        shape.plan(plan);
        return plan;
    }

    private static <T> RecordPlan<T> make(RowShape shape, Class<T> type) {
        RecordComponent[] components = type.getRecordComponents();
        if (components == null) {
            throw new IllegalArgumentException(type.getName() + " is not a record");
        }
        Class<?>[] types = new Class<?>[components.length];
        int[] columns = new int[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            columns[i] = column(shape, components[i].getName(), type);
        }
        return new RecordPlan<>(type, types, columns, constructor(type, types));
    }

    /** Finds the column of a component: the same name, or the same but for case and underscores. */
    private static int column(RowShape shape, String component, Class<?> type) {
        int exact = shape.indexOf(component);
        if (exact >= 0) {
            return exact;
        }
        int found = -1;
        String wanted = plain(component);
        for (int i = 0; i < shape.size(); i++) {
            if (plain(shape.field(i).name()).equals(wanted)) {
                if (found >= 0) {
                    throw ConversionException.row(
                            type.getName(),
                            "the columns " + shape.field(found).name() + " and "
                                    + shape.field(i).name() + " both fit its component " + component,
                            null);
                }
                found = i;
            }
        }
        if (found < 0) {
            throw ConversionException.row(
                    type.getName(),
                    "the result has no column for its component " + component + "; it has "
                            + Columns.of(shape).stream().map(Column::name).toList(),
                    null);
        }
        return found;
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    private static MethodHandle constructor(Class<?> type, Class<?>[] types) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return MethodHandles.lookup()
                    .unreflectConstructor(constructor)
                    .asSpreader(Object[].class, types.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            throw new IllegalArgumentException(
                    "the constructor of " + type.getName() + " cannot be reached; its module has to open the package "
                            + type.getPackageName() + " to dev.howdah",
                    e);
        }
    }

    T map(Row row) {
        @Nullable Object[] values = new Object[columns.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(row, columns[i], componentTypes[i]);
        }
        try {
            return type.cast((Object) constructor.invokeExact(values));
        } catch (PgException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw ConversionException.row(type.getName(), "its constructor refused the values", e);
        }
    }

    private static @Nullable Object value(Row row, int column, Class<?> component) {
        if (component == int.class) {
            return row.getInt(column);
        } else if (component == long.class) {
            return row.getLong(column);
        } else if (component == double.class) {
            return row.getDouble(column);
        } else if (component == boolean.class) {
            return row.getBoolean(column);
        } else if (component == float.class) {
            return row.getFloat(column);
        } else if (component == short.class) {
            return row.getShort(column);
        } else if (component == Object.class) {
            return row.get(column);
        }
        return row.get(column, component);
    }
}
