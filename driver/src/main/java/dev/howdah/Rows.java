package dev.howdah;

import dev.howdah.error.RowCountException;
import dev.howdah.session.QueryResult;
import dev.howdah.session.RowBuffer;
import dev.howdah.session.RowShape;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
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
    private final String commandTag;

    Rows(@Nullable RowShape shape, RowBuffer rows, String commandTag) {
        this.shape = shape;
        this.rows = rows;
        this.commandTag = commandTag;
    }

    static Rows of(QueryResult result) {
        return new Rows(
                result.shape(),
                result.rows(),
                result.command() == null ? "" : result.command().tag());
    }

    /** Returns how many rows there are. */
    public int size() {
        return rows.size();
    }

    /** Returns whether there are none. */
    public boolean isEmpty() {
        return rows.size() == 0;
    }

    /**
     * Returns a row.
     *
     * @param index counted from 0
     * @throws IndexOutOfBoundsException if there are not so many
     */
    public Row get(int index) {
        byte[] array = rows.array(index);
        return new Row(requireShape(), array, rows.offset(index));
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
     * Returns all rows as records whose components are named like columns: equal, or equal but for case and underscores.
     * A class that is no record takes the only column.
     *
     * @throws dev.howdah.error.ConversionException if a component has no column, or a value does not fit its component
     */
    public <T> List<T> as(Class<T> type) {
        List<T> list = new ArrayList<>(size());
        if (!type.isRecord()) {
            for (T value : values(type)) {
                if (value == null) {
                    throw new NullPointerException(
                            "the column has a NULL; use values(" + type.getSimpleName() + ".class)");
                }
                list.add(value);
            }
            return list;
        }
        if (!isEmpty()) {
            RecordPlan<T> plan = RecordPlan.of(requireShape(), type);
            for (int i = 0; i < size(); i++) {
                list.add(plan.map(get(i)));
            }
        }
        return list;
    }

    /** Returns the values of the first column, SQL NULL as null. */
    public <T> List<@Nullable T> values(Class<T> type) {
        List<@Nullable T> list = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            list.add(get(i).get(0, type));
        }
        return list;
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
                return next < rows.size();
            }

            @Override
            public Row next() {
                if (next >= rows.size()) {
                    throw new NoSuchElementException("the result has " + rows.size() + " rows");
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
