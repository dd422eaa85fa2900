package dev.howdah;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.error.RowCountException;
import dev.howdah.session.QueryResult;
import dev.howdah.session.RowBuffer;
import dev.howdah.session.RowShape;
import dev.howdah.type.RecordMapping;
import dev.howdah.type.TypeRef;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * All rows of a result, in memory as they came over the wire. Immutable and safe for several threads; may be gone through
 * any number of times.
 */
public final class Rows implements Iterable<Row> {

    private final @Nullable RowShape shape;
    private final RowBuffer rows;
    private final int from;
    private final int size;
    private final String commandTag;

    Rows(@Nullable RowShape shape, RowBuffer rows, String commandTag) {
        this(shape, rows, 0, rows.size(), commandTag);
    }

    private Rows(@Nullable RowShape shape, RowBuffer rows, int from, int size, String commandTag) {
        this.shape = shape;
        this.rows = rows;
        this.from = from;
        this.size = size;
        this.commandTag = commandTag;
    }

    static Rows of(QueryResult result) {
        return new Rows(
                result.shape(),
                result.rows(),
                result.command() == null ? "" : result.command().tag());
    }

    /** Returns the rows from an index to before another; they are not copied. */
    Rows range(int begin, int end) {
        Objects.checkFromToIndex(begin, end, size);
        return new Rows(shape, rows, from + begin, end - begin, commandTag);
    }

    /** Returns how many rows there are. */
    public int size() {
        return size;
    }

    /** Returns whether there are none. */
    public boolean isEmpty() {
        return size == 0;
    }

    /**
     * Returns a row.
     *
     * @param index counted from 0
     * @throws IndexOutOfBoundsException if there are not so many
     */
    public Row get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("row " + index + " of " + size);
        }
        byte[] array = rows.array(from + index);
        return new Row(requireShape(), array, rows.offset(from + index));
    }

    /**
     * Returns the first row.
     *
     * @throws NoSuchElementException if there is none
     */
    public Row first() {
        if (isEmpty()) {
            throw new NoSuchElementException("the result has no rows");
        }
        return get(0);
    }

    /**
     * Returns the only row.
     *
     * @throws RowCountException if there is none or more than one
     */
    public Row one() {
        if (size() != 1) {
            throw new RowCountException("exactly one row", size() + " rows");
        }
        return get(0);
    }

    /** Returns what the columns are; empty if the statement has no result set. */
    public List<Column> columns() {
        return Columns.of(shape);
    }

    /** Returns how the server said the command ended, such as {@code SELECT 5}. */
    public String commandTag() {
        return commandTag;
    }

    /**
     * Returns all rows as records, by the rules of {@link RecordMapping}: a component takes the column of its name, equal,
     * or equal but for case and underscores. A class that is no record takes the only column, and so does a record that has
     * a codec or a converter, if there is but one column.
     *
     * <p>That the columns fit is checked first, so that a record that does not fit is refused without any row, too.
     *
     * @throws dev.howdah.error.ConversionException if a component has no column, or a column's type is never read as its
     *     component's; or a value does not fit, in a row that the message tells
     * @throws IllegalArgumentException if the record has type parameters, or its module does not open it to this one
     */
    public <T> List<T> as(Class<T> type) {
        if (shape == null && isEmpty()) {
            return new ArrayList<>();
        }
        RecordPlan<T> plan = RecordPlan.of(requireShape(), type);
        List<T> list = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            try {
                list.add(plan.map(get(i)));
            } catch (ConversionException e) {
                throw inRow(i, e);
            }
        }
        return list;
    }

    /**
     * Returns each row as its values by column name, as {@link Row#asMap()} does.
     *
     * @return the maps cannot be changed, the list can
     * @throws ConversionException if a value cannot be read, in a row that the message tells
     */
    public List<Map<String, @Nullable Object>> asMaps() {
        List<Map<String, @Nullable Object>> list = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            try {
                list.add(get(i).asMap());
            } catch (ConversionException e) {
                throw inRow(i, e);
            }
        }
        return list;
    }

    /** Returns the values of the first column, SQL NULL as null. */
    public <T> List<@Nullable T> values(Class<T> type) {
        List<@Nullable T> list = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            try {
                list.add(get(i).get(0, type));
            } catch (ConversionException e) {
                throw inRow(i, e);
            }
        }
        return list;
    }

    /**
     * Returns the values of the first column as a type with type arguments, such as {@code new TypeRef<List<Item>>() {}}.
     *
     * @return SQL NULL as null, or as an empty {@code Optional} if one was asked for
     */
    public <T> List<@Nullable T> values(TypeRef<T> type) {
        List<@Nullable T> list = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            try {
                list.add(get(i).get(0, type));
            } catch (ConversionException e) {
                throw inRow(i, e);
            }
        }
        return list;
    }

    /** Returns the only value; null if it is SQL NULL or there is no row. */
    <T> @Nullable T onlyValue(Class<T> type) {
        if (size() > 1) {
            throw new RowCountException("at most one row", size() + " rows");
        }
        return isEmpty() ? null : get(0).get(0, type);
    }

    /** Returns the only value, or what stands for SQL NULL if there is no row. */
    @SuppressWarnings("unchecked") // the decoder was made for that type
    <T> @Nullable T onlyValue(TypeRef<T> type) {
        if (size() > 1) {
            throw new RowCountException("at most one row", size() + " rows");
        }
        return isEmpty() ? (T) requireShape().decoder(0, type.type()).whenNull() : get(0).get(0, type);
    }

    private static ConversionException inRow(int row, ConversionException e) {
        return new ConversionException("Row " + row + ": " + e.getMessage(), Delivery.COMPLETED, e);
    }

    /** Returns the rows one after another; no more of them is decoded than is asked for. */
    public Stream<Row> stream() {
        return StreamSupport.stream(spliterator(), false);
    }

    @Override
    public Iterator<Row> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < size;
            }

            @Override
            public Row next() {
                if (next >= size) {
                    throw new NoSuchElementException("the result has " + size + " rows");
                }
                return get(next++);
            }
        };
    }

    @Override
    public Spliterator<Row> spliterator() {
        return Spliterators.spliterator(
                iterator(), size(), Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE);
    }

    /** Returns how many rows of what. */
    @Override
    public String toString() {
        return size() + " rows of " + columns().stream().map(Column::name).toList();
    }

    private RowShape requireShape() {
        if (shape == null) {
            throw new IllegalStateException("the statement has no result set");
        }
        return shape;
    }
}
