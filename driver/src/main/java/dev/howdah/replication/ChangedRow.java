package dev.howdah.replication;

import dev.howdah.error.ConversionException;
import dev.howdah.session.ColumnValues;
import dev.howdah.session.RowShape;
import dev.howdah.type.BuiltinTypes;
import dev.howdah.type.Decoder;
import dev.howdah.type.RecordMapping;
import dev.howdah.type.TypeRef;
import dev.howdah.wire.WireReader;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row that was inserted, updated or deleted, as far as the server tells of it. Immutable and safe for several threads; it
 * keeps the message it came in alive.
 *
 * <p>Columns are asked for by index, counted from 0, or by name. Of each it is known what is known of it: {@link
 * #state(int)}. Nothing is decoded before it is asked for.
 *
 * <p>Every method throws {@link IllegalArgumentException} for a name that the relation does not have, {@link
 * IndexOutOfBoundsException} for such an index, {@link IllegalStateException} where a column is read that is {@link
 * ColumnState#UNCHANGED} or {@link ColumnState#ABSENT}, and {@link ConversionException} for a value that cannot be read as
 * asked; SQL NULL asked for as a primitive is one of those. A value of a type that is not known is read as String if it
 * came in the text form, as byte[] in any; see {@link Relation#unknownTypes()}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html#PROTOCOL-LOGICALREP-MESSAGE-FORMATS-TUPLEDATA">TupleData</a>
 */
public final class ChangedRow {

    static final int IS_NULL = 'n';
    static final int IS_UNCHANGED = 'u';
    static final int IS_TEXT = 't';
    static final int IS_BINARY = 'b';
    /** Written by decoders of plugins that name the columns of each row, where a column is not among them. */
    static final int IS_ABSENT = 'a';

    /** Which row it is. */
    public enum Kind {
        /** A row as it is after the change. */
        NEW,
        /** A row as it was before, reduced to the columns of the replica identity. */
        KEY,
        /** A row as it was before, with all its columns. */
        FULL
    }

    private final Relation relation;
    private final Kind kind;
    private final byte[] bytes;
    /** Where each column begins: with its letter, after that, if there is a value, its length and the value. */
    private final int[] places;

    /** Takes the arrays over; what they hold has been checked. */
    ChangedRow(Relation relation, Kind kind, byte[] bytes, int[] places) {
        this.relation = relation;
        this.kind = kind;
        this.bytes = bytes;
        this.places = places;
    }

    /** Returns the same row with the columns that are unchanged taken from the row before, which came with it. */
    ChangedRow filledFrom(ChangedRow old) {
        int[] filled = null;
        for (int i = 0; i < places.length; i++) {
            if (state(i) == ColumnState.UNCHANGED && old.state(i) == ColumnState.VALUE) {
                filled = filled == null ? places.clone() : filled;
                filled[i] = old.places[i];
            }
        }
        return filled == null ? this : new ChangedRow(relation, kind, bytes, filled);
    }

    /** Returns the table as it was then. */
    public Relation relation() {
        return relation;
    }

    /** Returns which row it is. */
    public Kind kind() {
        return kind;
    }

    /** Returns how many columns there are. */
    public int size() {
        return places.length;
    }

    /** Returns what is known of a column. */
    public ColumnState state(int column) {
        return switch (bytes[place(column)]) {
            case IS_NULL ->
                kind == Kind.KEY && !relation.columns().get(column).key() ? ColumnState.ABSENT : ColumnState.NULL;
            case IS_UNCHANGED -> ColumnState.UNCHANGED;
            case IS_ABSENT -> ColumnState.ABSENT;
            default -> ColumnState.VALUE;
        };
    }

    /** Returns what is known of a column. */
    public ColumnState state(String column) {
        return state(index(column));
    }

    /** Returns whether the value is SQL NULL. */
    public boolean isNull(int column) {
        return find(column) < 0;
    }

    /** Returns whether the value is SQL NULL. */
    public boolean isNull(String column) {
        return isNull(index(column));
    }

    /** Returns the value in the Java class that its type has by default, or null for SQL NULL. */
    public @Nullable Object get(int column) {
        int at = find(column);
        return at < 0 ? null : decode(shape(at).decoder(column), column, at);
    }

    /** Returns the value in the Java class that its type has by default, or null for SQL NULL. */
    public @Nullable Object get(String column) {
        return get(index(column));
    }

    /** Returns the value as a class of your choice, or null for SQL NULL. */
    public <T> @Nullable T get(int column, Class<T> type) {
        int at = find(column);
        return at < 0 ? null : decode(ColumnValues.decoder(shape(at), column, type), column, at);
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
        int at = find(column);
        if (at < 0) {
            return (T) ColumnValues.decoder(relation.shape(false), column, type.type())
                    .whenNull();
        }
        return (T) decode(ColumnValues.decoder(shape(at), column, type.type()), column, at);
    }

    /**
     * Returns the value as a type with type arguments, such as {@code new TypeRef<List<Item>>() {}}; null for SQL NULL, or
     * an empty {@code Optional} if one was asked for.
     */
    public <T> @Nullable T get(String column, TypeRef<T> type) {
        return get(index(column), type);
    }

    /** Returns the value as an int. */
    public int getInt(int column) {
        int at = find(column);
        if (is(column, at, BuiltinTypes.INT4, Integer.BYTES)) {
            return WireReader.int32At(bytes, value(at));
        }
        return notNull(column, at, Integer.class);
    }

    /** Returns the value as an int. */
    public int getInt(String column) {
        return getInt(index(column));
    }

    /** Returns the value as a long. */
    public long getLong(int column) {
        int at = find(column);
        if (is(column, at, BuiltinTypes.INT8, Long.BYTES)) {
            return WireReader.int64At(bytes, value(at));
        }
        return notNull(column, at, Long.class);
    }

    /** Returns the value as a long. */
    public long getLong(String column) {
        return getLong(index(column));
    }

    /** Returns the value as a short. */
    public short getShort(int column) {
        return notNull(column, find(column), Short.class);
    }

    /** Returns the value as a short. */
    public short getShort(String column) {
        return getShort(index(column));
    }

    /** Returns the value as a float. */
    public float getFloat(int column) {
        return notNull(column, find(column), Float.class);
    }

    /** Returns the value as a float. */
    public float getFloat(String column) {
        return getFloat(index(column));
    }

    /** Returns the value as a double. */
    public double getDouble(int column) {
        int at = find(column);
        if (is(column, at, BuiltinTypes.FLOAT8, Double.BYTES)) {
            return Double.longBitsToDouble(WireReader.int64At(bytes, value(at)));
        }
        return notNull(column, at, Double.class);
    }

    /** Returns the value as a double. */
    public double getDouble(String column) {
        return getDouble(index(column));
    }

    /** Returns the value as a boolean. */
    public boolean getBoolean(int column) {
        return notNull(column, find(column), Boolean.class);
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

    /** Returns a bytea, the bytes of a text, or those of a value of a type that is not known; null for SQL NULL. */
    public byte @Nullable [] getBytes(int column) {
        return get(column, byte[].class);
    }

    /** Returns a bytea, the bytes of a text, or those of a value of a type that is not known; null for SQL NULL. */
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

    /** Returns the values that are known by column name, in order, SQL NULL as null. */
    public Map<String, @Nullable Object> asMap() {
        Map<String, @Nullable Object> map = LinkedHashMap.newLinkedHashMap(size());
        for (int i = 0; i < size(); i++) {
            if (isKnown(i)) {
                map.put(relation.columns().get(i).name(), get(i));
            }
        }
        return Collections.unmodifiableMap(map);
    }

    /**
     * Returns the row as a record whose components are named like columns, by the rules of {@link RecordMapping}. Every
     * column that a component stands for has to be known.
     *
     * @param type the record's class
     * @throws IllegalArgumentException if it is no record
     */
    public <T> T as(Class<T> type) {
        return ChangedRowMapping.of(relation, type).map(this);
    }

    @Nullable
    Object value(int column, Decoder<?> text, Decoder<?> binary) {
        int at = find(column);
        if (at < 0) {
            return text.whenNull();
        }
        Decoder<?> decoder = bytes[at] == IS_BINARY ? binary : text;
        return decode(decoder, column, at);
    }

    /** Returns the values that are known in square brackets, by column name. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < size(); i++) {
            if (isKnown(i)) {
                text.append(text.length() == 1 ? "" : ", ")
                        .append(relation.columns().get(i).name())
                        .append('=')
                        .append(printed(i));
            }
        }
        return text.append(']').toString();
    }

    private @Nullable String printed(int column) {
        try {
            return getString(column);
        } catch (ConversionException e) {
            return "?";
        }
    }

    private boolean isKnown(int column) {
        ColumnState state = state(column);
        return state == ColumnState.VALUE || state == ColumnState.NULL;
    }

    private int index(String column) {
        int index = relation.shape(false).indexOf(column);
        if (index < 0) {
            throw new IllegalArgumentException(relation + " has no column \"" + column + "\"; it has "
                    + relation.columns().stream().map(Relation.Column::name).toList());
        }
        return index;
    }

    private int place(int column) {
        if (column < 0 || column >= places.length) {
            throw new IndexOutOfBoundsException("column " + column + " of " + places.length);
        }
        return places[column];
    }

    /** Returns where a column begins that has a value, -1 if it is NULL. */
    private int find(int column) {
        int at = place(column);
        byte letter = bytes[at];
        if (letter == IS_TEXT || letter == IS_BINARY) {
            return at;
        }
        return switch (state(column)) {
            case NULL -> -1;
            case UNCHANGED ->
                throw unread(
                        column,
                        "the update left it as it was, and since it is stored out of line"
                                + " (TOAST) the server did not send it; an old row of replica identity FULL would have it");
            case ABSENT ->
                throw unread(
                        column,
                        bytes[at] == IS_ABSENT
                                ? "the output plugin did not tell it: of old rows it tells only what is not NULL and belongs"
                                        + " to the table's replica identity"
                                : "of the old row the server sends only the columns of the table's replica"
                                        + " identity, and it is none of them; with replica identity FULL it would send all");
            case VALUE -> at;
        };
    }

    private IllegalStateException unread(int column, String reason) {
        return new IllegalStateException("Column " + column + " ("
                + relation.columns().get(column).name() + ") of " + relation + " is not known: " + reason);
    }

    private RowShape shape(int at) {
        return relation.shape(bytes[at] == IS_BINARY);
    }

    /** Returns where the value begins of a column that begins there. */
    private static int value(int at) {
        return at + 1 + Integer.BYTES;
    }

    private boolean is(int column, int at, int typeOid, int length) {
        return at >= 0
                && bytes[at] == IS_BINARY
                && WireReader.int32At(bytes, at + 1) == length
                && shape(at).field(column).typeOid() == typeOid;
    }

    private <T> T notNull(int column, int at, Class<T> type) {
        if (at < 0) {
            throw ColumnValues.isNull(relation.shape(false), column, type);
        }
        return ColumnValues.primitive(shape(at), column, type, bytes, value(at), WireReader.int32At(bytes, at + 1));
    }

    private <T> T decode(Decoder<T> decoder, int column, int at) {
        return ColumnValues.decode(shape(at), column, decoder, bytes, value(at), WireReader.int32At(bytes, at + 1));
    }
}
