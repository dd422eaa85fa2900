package dev.howdah;

import dev.howdah.error.ConversionException;
import dev.howdah.session.BatchOutcome;
import dev.howdah.session.ValuesQuery;
import dev.howdah.sql.AdaptedStatement;
import dev.howdah.sql.Sql;
import dev.howdah.sql.SqlContext;
import dev.howdah.sql.SqlScanner;
import dev.howdah.sql.SqlStatement;
import dev.howdah.sql.SqlToken;
import dev.howdah.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are put into the text of a statement, so many at a time: {@code insert into t values %s} becomes one statement
 * for each page of rows. All pages are one batch, of which all happens or nothing. One page is in memory at a time.
 */
final class ValuesPages implements Iterator<ValuesQuery.Page> {

    /** How many rows a page has unless the caller says. */
    static final int PAGE_SIZE = 100;

    private final SqlContext context;
    private final ValuesPlace place;
    private final RowTemplate template;
    private final Iterator<?> rows;
    private final int pageRows;
    private @Nullable Object first;
    private boolean hasFirst = true;
    private int taken;

    private ValuesPages(
            SqlContext context, ValuesPlace place, RowTemplate template, Object first, Iterator<?> rows, int pageSize) {
        this.context = context;
        this.place = place;
        this.template = template;
        this.first = first;
        this.rows = rows;
        int columns = template.columns();
        this.pageRows = columns == 0 ? pageSize : Math.min(pageSize, SqlStatement.MAX_PARAMETERS / columns);
    }

    /**
     * Runs a statement with rows in its text.
     *
     * @param sql has one place for the rows, {@code %s} or {@code $1}
     * @param rows each a Collection or an array of objects, or a Map or a record if the template has names
     * @param template one row, such as {@code ($1, $2, now())} or {@code (:id, :name)}; null for one value after another
     * @param pageSize how many rows one statement has at most, at least 1; less if they would have too many values
     * @return the rows and counts of all pages; each row given counts as a set
     * @throws IllegalArgumentException if there is not one place, or a row does not fit the template
     */
    static BatchResult run(Verbs verbs, String sql, Iterable<?> rows, @Nullable String template, int pageSize) {
        if (pageSize < 1) {
            throw new IllegalArgumentException("the page size is at least 1, not " + pageSize);
        }
        SqlContext context = verbs.sqlContext();
        ValuesPlace place = ValuesPlace.of(sql, context.standardConformingStrings());
        Iterator<?> given = rows.iterator();
        if (!given.hasNext()) {
            return new BatchResult(BatchOutcome.none());
        }
        Object first = given.next();
        RowTemplate row = template == null ? RowTemplate.ofSize(first) : RowTemplate.of(template, context);
        ValuesPages pages = new ValuesPages(context, place, row, first, given, pageSize);
        // The first page says which statement it is.
        ValuesQuery.Page page = pages.next();
        ValuesQuery query = new ValuesQuery(
                verbs.core().session(),
                verbs.core().statements(),
                pages.startingWith(page),
                page.rows(),
                pages::text,
                place.insertsEach(),
                context.types());
        return new BatchResult(verbs.run(query, sql));
    }

    /**
     * Returns the text of a composed statement that has a place for rows.
     *
     * @throws IllegalArgumentException if it has values
     */
    static String text(Verbs verbs, Sql sql) {
        SqlStatement statement = sql.statement(verbs.sqlContext());
        if (statement.parameters().length > 0) {
            throw new IllegalArgumentException(
                    "beside its rows the statement takes no values: give them as literals, or in the template");
        }
        return statement.text();
    }

    private Iterator<ValuesQuery.Page> startingWith(ValuesQuery.Page page) {
        return new Iterator<>() {
            private boolean begun;

            @Override
            public boolean hasNext() {
                return !begun || ValuesPages.this.hasNext();
            }

            @Override
            public ValuesQuery.Page next() {
                if (!begun) {
                    begun = true;
                    return page;
                }
                return ValuesPages.this.next();
            }
        };
    }

    @Override
    public boolean hasNext() {
        return hasFirst || rows.hasNext();
    }

    @Override
    public ValuesQuery.Page next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        List<@Nullable Object> values = new ArrayList<>();
        int size = 0;
        while (size < pageRows && hasNext()) {
            Object row = hasFirst && first != null ? first : rows.next();
            hasFirst = false;
            first = null;
            add(row, values);
            size++;
        }
        return new ValuesQuery.Page(values.toArray(), size);
    }

    private void add(Object row, List<@Nullable Object> values) {
        int index = taken++;
        try {
            for (@Nullable Object value : AdaptedStatement.values(template.values(row), context)) {
                values.add(value);
            }
        } catch (ConversionException e) {
            e.batchSets(index, index);
            throw e;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Row " + index + " (counted from 0): " + e.getMessage(), e);
        }
    }

    /** Returns the statement for so many rows. */
    private String text(int size) {
        StringBuilder sql = new StringBuilder(place.before());
        for (int i = 0; i < size; i++) {
            if (i > 0) {
                sql.append(", ");
            }
            template.append(sql, i * template.columns());
        }
        return sql.append(place.after()).toString();
    }

    /** Where in a statement its rows belong. */
    private record ValuesPlace(String before, String after, boolean insertsEach) {

        private static final String PERCENT = "%" + "s";

        static ValuesPlace of(String sql, boolean standardConformingStrings) {
            List<SqlToken> code = SqlScanner.scan(sql, standardConformingStrings).stream()
                    .filter(t -> t.kind() != Kind.COMMENT)
                    .toList();
            int start = -1;
            int end = -1;
            boolean afterValues = false;
            String word = "";
            for (int i = 0; i < code.size(); i++) {
                SqlToken token = code.get(i);
                boolean percent = isPercent(code, i) && i + 1 < code.size() && isS(code.get(i + 1));
                if (percent || token.kind() == Kind.PARAMETER) {
                    if (start >= 0 || !percent && token.parameter() != 1) {
                        throw new IllegalArgumentException("the statement has one place for the rows, " + PERCENT
                                + " or $1, and" + " takes no other values; the second is at index " + token.start());
                    }
                    start = token.start();
                    end = percent ? code.get(i + 1).end() : token.end();
                    afterValues = word.equalsIgnoreCase("values");
                }
                word = token.kind() == Kind.SPACE ? word : token.text();
            }
            if (start < 0) {
                throw new IllegalArgumentException(
                        "the statement has no place for the rows: write " + PERCENT + " or $1 there");
            }
            return new ValuesPlace(sql.substring(0, start), sql.substring(end), afterValues && begins(code, "insert"));
        }

        private static boolean isPercent(List<SqlToken> code, int i) {
            return code.get(i).text().equals("%")
                    && (i == 0 || !code.get(i - 1).text().equals("%"));
        }

        private static boolean isS(SqlToken token) {
            return token.kind() == Kind.WORD && token.text().equals("s");
        }

        private static boolean begins(List<SqlToken> code, String word) {
            return code.stream()
                    .filter(t -> t.kind() != Kind.SPACE)
                    .findFirst()
                    .filter(t -> t.text().equalsIgnoreCase(word))
                    .isPresent();
        }
    }

    /** How one row is written, and how its values are found. */
    private record RowTemplate(
            List<SqlToken> tokens, int columns, @Nullable SqlStatement named) {

        /** One value after another, as many as a row has. */
        static RowTemplate ofSize(Object row) {
            int size = Verbs.parametersOf(row).length;
            if (size == 0) {
                throw new IllegalArgumentException("the first row has no values; a template says what is made of it");
            }
            StringBuilder text = new StringBuilder("($1");
            for (int i = 2; i <= size; i++) {
                text.append(", $").append(i);
            }
            return new RowTemplate(SqlScanner.scan(text.append(')').toString(), true), size, null);
        }

        static RowTemplate of(String template, SqlContext context) {
            boolean standard = context.standardConformingStrings();
            SqlStatement named = null;
            String text = template;
            if (SqlScanner.scanNamed(template, standard).stream().anyMatch(t -> t.kind() == Kind.NAMED)) {
                named = Sql.named(template).statement(context);
                text = named.text();
            }
            List<SqlToken> tokens = SqlScanner.scan(text, standard);
            int columns = tokens.stream()
                    .filter(t -> t.kind() == Kind.PARAMETER)
                    .mapToInt(SqlToken::parameter)
                    .max()
                    .orElse(0);
            return new RowTemplate(tokens, columns, named);
        }

        @Nullable
        Object[] values(Object row) {
            @Nullable Object[] values = named != null ? named.parametersOf(row) : Verbs.parametersOf(row);
            if (values.length != columns) {
                throw new IllegalArgumentException("it has " + values.length
                        + (values.length == 1 ? " value" : " values") + ", the template of a row takes " + columns);
            }
            return values;
        }

        /** Appends a row whose parameters come behind so many others. */
        void append(StringBuilder sql, int offset) {
            boolean comment = false;
            for (SqlToken token : tokens) {
                comment = token.kind() == Kind.COMMENT && token.text().startsWith("--");
                if (token.kind() == Kind.PARAMETER) {
                    sql.append('$').append(token.parameter() + offset);
                } else {
                    sql.append(token.text());
                }
            }
            if (comment) {
                sql.append('\n');
            }
        }
    }
}
