package dev.howdah;

import dev.howdah.error.ConversionException;
import dev.howdah.session.RowShape;
import dev.howdah.type.BuiltinTypes;
import dev.howdah.type.Decoder;
import dev.howdah.type.RecordMapping;
import dev.howdah.type.TypeCodecs;
import java.lang.reflect.Type;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of one shape become objects of one class: a record by {@link RecordMapping}, anything else by its only
 * column. Made once for each shape and class.
 */
final class RecordPlan<T> {

    private final Class<T> type;
    private final @Nullable RecordMapping<Row, T> mapping;
    /** Each column is known to have a component. */
    private volatile boolean coversAll;

    private RecordPlan(Class<T> type, @Nullable RecordMapping<Row, T> mapping) {
        this.type = type;
        this.mapping = mapping;
    }

    @SuppressWarnings("unchecked") // each is kept under its own class
    static <T> RecordPlan<T> of(RowShape shape, Class<T> type) {
        if (shape.plan(type) instanceof RecordPlan<?> plan) {
            return (RecordPlan<T>) plan;
        }
        RecordPlan<T> plan = make(shape, type);
        shape.plan(type, plan);
        return plan;
    }

    private static <T> RecordPlan<T> make(RowShape shape, Class<T> type) {
        boolean one = shape.size() == 1;
        if (!type.isRecord() || one && codecs(shape, 0).convertsTo(type)) {
            if (!one) {
                throw ConversionException.row(
                        type.getTypeName(),
                        "it is no record, so that the row has to have one column; it has " + shape.size(),
                        null);
            }
            return new RecordPlan<>(type, null);
        }
        try {
            return new RecordPlan<>(type, RecordMapping.of(type, new ColumnSource(shape)));
        } catch (ConversionException e) {
            throw ConversionException.row(type.getTypeName(), String.valueOf(e.getMessage()), e);
        }
    }

    private static TypeCodecs codecs(RowShape shape, int column) {
        return shape.types().codecs(shape.field(column).typeOid());
    }

    T map(Row row) {
        if (mapping != null) {
            return mapping.map(row);
        }
        T value = row.get(0, type);
        if (value == null) {
            throw ConversionException.row(
                    type.getTypeName(), "its column is NULL; values(Class) gives the NULLs of a column as null", null);
        }
        return value;
    }

    /**
     * Returns the values of the columns that a record stands for, in order.
     *
     * @throws IllegalArgumentException if there is a column that no component stands for
     */
    @Nullable
    Object[] values(RowShape shape, T from) {
        if (mapping == null) {
            return new @Nullable Object[] {from};
        }
        if (!coversAll) {
            for (int missing : mapping.unused()) {
                throw new IllegalArgumentException("no component of " + type.getTypeName() + " stands for the column "
                        + shape.field(missing).name());
            }
            coversAll = true;
        }
        return mapping.values(from);
    }

    /** The columns of a shape as what records are made of. */
    private record ColumnSource(RowShape shape) implements RecordMapping.Source<Row> {

        @Override
        public List<String> names() {
            return Columns.names(shape);
        }

        @Override
        public String noun() {
            return "column";
        }

        @Override
        public TypeCodecs type(int index) {
            return codecs(shape, index);
        }

        @Override
        public boolean converts(Class<?> target) {
            return shape.types().hasConverter(target);
        }

        @Override
        public boolean isNull(Row from, int index) {
            return from.isNull(index);
        }

        /** The common primitives need no decoder where the column is of just their type. */
        @Override
        public Function<Row, @Nullable Object> getter(int index, Type target) {
            int oid = shape.field(index).typeOid();
            Decoder<?> decoder = shape.types().decoder(oid, shape.binary(index), target);
            if (shape.binary(index)) {
                if (target == int.class && oid == BuiltinTypes.INT4) {
                    return row -> row.isNull(index) ? null : (Object) row.getInt(index);
                } else if (target == long.class && oid == BuiltinTypes.INT8) {
                    return row -> row.isNull(index) ? null : (Object) row.getLong(index);
                } else if (target == double.class && oid == BuiltinTypes.FLOAT8) {
                    return row -> row.isNull(index) ? null : (Object) row.getDouble(index);
                } else if (target == boolean.class && oid == BuiltinTypes.BOOL) {
                    return row -> row.isNull(index) ? null : (Object) row.getBoolean(index);
                }
            }
            return row -> row.value(index, decoder);
        }
    }
}
