package dev.howdah;

import dev.howdah.error.ConversionException;
import dev.howdah.message.RowDescription;
import dev.howdah.session.ColumnValues;
import dev.howdah.session.RowShape;
import dev.howdah.type.BuiltinTypes;
import dev.howdah.type.Decoder;
import dev.howdah.type.RowValue;
import dev.howdah.type.TypeRef;
import dev.howdah.type.TypeRegistry;
import dev.howdah.wire.WireReader;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row of a result. Immutable and safe for several threads; it keeps the bytes it was received in alive, so copy out
 * what is to be kept for long.
 *
 * <p>Columns are asked for by index, counted from 0, or by name; of several columns of one name the first is meant.
 * Nothing is decoded before it is asked for. Every method throws {@link IllegalArgumentException} for a name that the
 * result does not have, {@link IndexOutOfBoundsException} for such an index, and {@link ConversionException} for a value
 * that cannot be read as asked; SQL NULL asked for as a primitive is one of those.
 */
public final class Row {

    private static final int CURSOR_OFFSET_BITS = 20;
    private static final int CURSOR_OFFSET_MASK = (1 << CURSOR_OFFSET_BITS) - 1;

    private final RowShape shape;
    private final byte[] bytes;
    private final int start;
    /** The column found last and where it is, so that columns asked for in order are found at once. Races are harmless. */
    private int cursor = Short.BYTES;

    Row(RowShape shape, byte[] bytes, int start) {
        this.shape = shape;
        this.bytes = bytes;
        this.start = start;
    }

    /** Makes a row of a value of a row type. */
    static Row of(RowValue value, TypeRegistry types) {
        List<RowDescription.Field> fields = new ArrayList<>(value.size());
        for (int i = 0; i < value.size(); i++) {
            fields.add(new RowDescription.Field(value.name(i), 0, 0, value.typeOid(i), -1, -1, value.binary() ? 1 : 0));
        }
        return new Row(RowShape.ofResult(fields, types), value.bytes(), 0);
    }

    /** Returns how many columns there are. */
    public int size() {
        return shape.size();
    }

    /** Returns what the columns are. */
    public List<Column> columns() {
        return Columns.of(shape);
    }

    /** Returns whether the value is SQL NULL. */
    public boolean isNull(int column) {
        return WireReader.int32At(bytes, find(column)) < 0;
    }

    /** Returns whether the value is SQL NULL. */
    public boolean isNull(String column) {
        return isNull(index(column));
    }

    /** Returns the value in the Java class that its type has by default, or null for SQL NULL. */
    public @Nullable Object get(int column) {
        int at = find(column);
        int length = WireReader.int32At(bytes, at);
        return length < 0 ? null : decode(shape.decoder(column), column, at + Integer.BYTES, length);
    }

    /** Returns the value in the Java class that its type has by default, or null for SQL NULL. */
    public @Nullable Object get(String column) {
        return get(index(column));
    }

    /** Returns the value as a class of your choice, or null for SQL NULL. */
    public <T> @Nullable T get(int column, Class<T> type) {
        int at = find(column);
        int length = WireReader.int32At(bytes, at);
        return length < 0 ? null : decode(decoder(column, type), column, at + Integer.BYTES, length);
    }

    /** Returns the value as a class of your choice, or null for SQL NULL. */
    public <T> @Nullable T get(String column, Class<T> type) {
        return get(index(column), type);
    }

    /**
     * Returns the value as a type with type arguments, such as {@code new TypeRef<List<Item>>() {}}; null for SQL NULL, or
     * an empty {@code Optional} if one was asked for.
     */
    @SuppressWarnings("unchecked") // the decoder was made for that type
    public <T> @Nullable T get(int column, TypeRef<T> type) {
        return (T) value(column, decoder(column, type.type()));
    }

    /**
     * Returns the value as a type with type arguments, such as {@code new TypeRef<List<Item>>() {}}; null for SQL NULL, or
     * an empty {@code Optional} if one was asked for.
     */
    public <T> @Nullable T get(String column, TypeRef<T> type) {
        return get(index(column), type);
    }

    @Nullable
    Object value(int column, Decoder<?> decoder) {
        int at = find(column);
        int length = WireReader.int32At(bytes, at);
        return length < 0 ? decoder.whenNull() : decode(decoder, column, at + Integer.BYTES, length);
    }

    /** Returns the value as an int. */
    public int getInt(int column) {
        int at = find(column);
        if (is(column, BuiltinTypes.INT4) && WireReader.int32At(bytes, at) == Integer.BYTES) {
            return WireReader.int32At(bytes, at + Integer.BYTES);
        }
        return notNull(column, Integer.class);
    }

    /** Returns the value as an int. */
    public int getInt(String column) {
        return getInt(index(column));
    }

    /** Returns the value as a long. */
    public long getLong(int column) {
        int at = find(column);
        if (is(column, BuiltinTypes.INT8) && WireReader.int32At(bytes, at) == Long.BYTES) {
            return WireReader.int64At(bytes, at + Integer.BYTES);
        }
        return notNull(column, Long.class);
    }

    /** Returns the value as a long. */
    public long getLong(String column) {
        return getLong(index(column));
    }

    /** Returns the value as a short. */
    public short getShort(int column) {
        return notNull(column, Short.class);
    }

    /** Returns the value as a short. */
    public short getShort(String column) {
        return getShort(index(column));
    }

    /** Returns the value as a float. */
    public float getFloat(int column) {
        return notNull(column, Float.class);
    }

    /** Returns the value as a float. */
    public float getFloat(String column) {
        return getFloat(index(column));
    }

    /** Returns the value as a double. */
    public double getDouble(int column) {
        int at = find(column);
        if (is(column, BuiltinTypes.FLOAT8) && WireReader.int32At(bytes, at) == Double.BYTES) {
            return Double.longBitsToDouble(WireReader.int64At(bytes, at + Integer.BYTES));
        }
        return notNull(column, Double.class);
    }

    /** Returns the value as a double. */
    public double getDouble(String column) {
        return getDouble(index(column));
    }

    /** Returns the value as a boolean. */
    public boolean getBoolean(int column) {
        int at = find(column);
        if (is(column, BuiltinTypes.BOOL) && WireReader.int32At(bytes, at) == 1) {
            return bytes[at + Integer.BYTES] != 0;
        }
        return notNull(column, Boolean.class);
    }

    /** Returns the value as a boolean. */
    public boolean getBoolean(String column) {
        return getBoolean(index(column));
    }

    /** Returns the value as text, as PostgreSQL prints it in its ISO style; null for SQL NULL. */
    public @Nullable String getString(int column) {
        return get(column, String.class);
    }

    /** Returns the value as text, as PostgreSQL prints it in its ISO style; null for SQL NULL. */
    public @Nullable String getString(String column) {
        return getString(index(column));
    }

    /** Returns a bytea, or the bytes of a text; null for SQL NULL. */
    public byte @Nullable [] getBytes(int column) {
        return get(column, byte[].class);
    }

    /** Returns a bytea, or the bytes of a text; null for SQL NULL. */
    public byte @Nullable [] getBytes(String column) {
        return getBytes(index(column));
    }

    /** Returns the value as a decimal number with its scale; null for SQL NULL. */
    public @Nullable BigDecimal getBigDecimal(int column) {
        return get(column, BigDecimal.class);
    }

    /** Returns the value as a decimal number with its scale; null for SQL NULL. */
    public @Nullable BigDecimal getBigDecimal(String column) {
        return getBigDecimal(index(column));
    }

    /** Returns the values by column name, in order, SQL NULL as null; of several columns of one name the first. */
    public Map<String, @Nullable Object> asMap() {
        Map<String, @Nullable Object> map = LinkedHashMap.newLinkedHashMap(size());
        for (int i = 0; i < size(); i++) {
            String name = shape.field(i).name();
            if (!map.containsKey(name)) {
                map.put(name, get(i));
            }
        }
        return Collections.unmodifiableMap(map);
    }

    /**
     * Returns the row as a record whose components are named like columns, or, if the class is no record, its only column.
     *
     * @see Rows#as(Class)
     */
    public <T> T as(Class<T> type) {
        return RecordPlan.of(shape, type).map(this);
    }

    /** Returns the values in square brackets, by column name. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < size(); i++) {
            text.append(i == 0 ? "" : ", ").append(shape.field(i).name()).append('=');
            try {
                text.append(getString(i));
            } catch (ConversionException e) {
                text.append('?');
            }
        }
        return text.append(']').toString();
    }

    RowShape shape() {
        return shape;
    }

    private boolean is(int column, int typeOid) {
        return shape.binary(column) && shape.field(column).typeOid() == typeOid;
    }

    private int index(String column) {
        int index = shape.indexOf(column);
        if (index < 0) {
            throw new IllegalArgumentException("the result has no column \"" + column + "\"; it has "
                    + columns().stream().map(Column::name).toList());
        }
        return index;
    }

    /** Returns where a column's length stands. */
    private int find(int column) {
        if (column < 0 || column >= shape.size()) {
            throw new IndexOutOfBoundsException("column " + column + " of " + shape.size());
        }
        int known = cursor;
        int index = known >>> CURSOR_OFFSET_BITS;
        int offset = known & CURSOR_OFFSET_MASK;
        if (index > column) {
            index = 0;
            offset = Short.BYTES;
        }
        for (; index < column; index++) {
            int length = WireReader.int32At(bytes, start + offset);
            offset += Integer.BYTES + Math.max(length, 0);
        }
        if (offset <= CURSOR_OFFSET_MASK) {
            cursor = column << CURSOR_OFFSET_BITS | offset;
        }
        return start + offset;
    }

    private <T> T notNull(int column, Class<T> type) {
        int at = find(column);
        int length = WireReader.int32At(bytes, at);
        if (length < 0) {
            throw ColumnValues.isNull(shape, column, type);
        }
        try {
            return ColumnValues.primitive(shape, column, type, bytes, at + Integer.BYTES, length);
        } catch (ConversionException e) {
            throw seen(e);
        }
    }

    private <T> Decoder<T> decoder(int column, Class<T> type) {
        try {
            return ColumnValues.decoder(shape, column, type);
        } catch (ConversionException e) {
            throw seen(e);
        }
    }

    private Decoder<?> decoder(int column, Type type) {
        try {
            return ColumnValues.decoder(shape, column, type);
        } catch (ConversionException e) {
            throw seen(e);
        }
    }

    private <T> T decode(Decoder<T> decoder, int column, int offset, int length) {
        try {
            return ColumnValues.decode(shape, column, decoder, bytes, offset, length);
        } catch (ConversionException e) {
            throw seen(e);
        }
    }

    private ConversionException seen(ConversionException e) {
        if (!TypeRegistry.outdated(e).isEmpty()) {
            // The next statement that meets the type looks at it again.
            shape.types().forgetTypes();
        }
        return e;
    }
}
