package dev.howdah.session;

import dev.howdah.type.TypeRegistry;
import java.util.Iterator;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A batch of a statement that holds a page of rows: full pages run one statement, the last one, if it is shorter, a
 * shorter text; all of them in one pipeline.
 */
public final class ValuesQuery extends BatchQuery {

    /** The rows that one run of the statement holds. */
    public static final class Page {
        private final @Nullable Object[] parameters;
        private final int rows;

        /**
         * Takes the values over.
         *
         * @param parameters the values of all rows, one row behind the other
         * @param rows how many rows there are
         */
        public Page(@Nullable Object[] parameters, int rows) {
            this.parameters = parameters;
            this.rows = rows;
        }

        /** Returns how many rows there are. */
        public int rows() {
            return rows;
        }
    }

    private final int fullRows;
    private final IntFunction<String> text;
    private final boolean rowEach;
    private int rowsTaken;
    private @Nullable Page last;

    /**
     * Makes the conversation.
     *
     * @param pages at least one; all but the last have {@code fullRows} rows
     * @param text makes the statement for so many rows
     * @param rowEach whether the statement makes one row of each row given, or none
     * @param types the scope that encodes and decodes: that of the cache or one within it
     */
    public ValuesQuery(
            Session session,
            StatementCache statements,
            Iterator<Page> pages,
            int fullRows,
            IntFunction<String> text,
            boolean rowEach,
            TypeRegistry types) {
        super(session, statements, text.apply(fullRows), pages, page -> ((Page) page).parameters, types, null);
        this.fullRows = fullRows;
        this.text = text;
        this.rowEach = rowEach;
    }

    @Override
    Batch bind(ServerStatement statement) {
        rowsTaken = 0;
        Batch batch = super.bind(statement);
        if (rowEach) {
            batch.rowEach();
        }
        return batch;
    }

    @Override
    void add(Batch batch, Object set) {
        Page page = (Page) set;
        last = page;
        if (page.rows() == fullRows) {
            batch.add(page.parameters, page.rows());
        } else {
            batch.addShorter(text.apply(page.rows()), page.parameters, page.rows());
        }
        last = null;
        rowsTaken += page.rows();
    }

    @Override
    public int sets() {
        return rowsTaken;
    }

    @Override
    int failingSet(Batch batch) {
        Page page = last;
        int parameter = batch.refusedParameter();
        return page == null || parameter < 0 ? -1 : rowsTaken + parameter / (page.parameters.length / page.rows());
    }
}
