package dev.howdah.replication;

import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.sql.Identifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A table of publications as it is now, with what of it is published. */
final class PublishedTable {

    private static final int V15 = 150_000;
    private static final int V18 = 180_000;

    private static final String COLUMNS = """
            select a.attname, a.atttypid::bigint, a.atttypmod, t.typsend = 0 as textual,
              case when a.atttypid >= 10000 then n.nspname end as told_schema, b.typname as told_name,
              c.relreplident = 'f' or coalesce(a.attnum = any (i.indkey::int2[]), false) as key
            from pg_catalog.pg_attribute a
              join pg_catalog.pg_class c on c.oid = a.attrelid
              join pg_catalog.pg_type t on t.oid = a.atttypid
              join pg_catalog.pg_type b on b.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
              join pg_catalog.pg_namespace n on n.oid = b.typnamespace
              left join pg_catalog.pg_index i on i.indrelid = c.oid
                and case c.relreplident when 'd' then i.indisprimary when 'i' then i.indisreplident else false end
            where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped and (a.attgenerated = '' or $2)
            order by a.attnum
            """;

    private final Relation relation;
    private final List<String> expressions;
    private final boolean[] text;
    private final boolean partitioned;
    private final @Nullable String filter;

    private PublishedTable(
            Relation relation, List<String> expressions, boolean[] text, boolean partitioned, @Nullable String filter) {
        this.relation = relation;
        this.expressions = expressions;
        this.text = text;
        this.partitioned = partitioned;
        this.filter = filter;
    }

    /** Returns what the publications have, each table once. */
    static List<PublishedTable> of(PgConnection db, List<String> publications) {
        boolean knowsLists = db.info().serverVersion() >= V15;
        List<Row> rows = db
                .query(
                        "select c.oid::bigint, n.nspname, c.relname, c.relkind::text, c.relreplident::text, "
                                + (knowsLists
                                        ? "p.attnames::text[], p.rowfilter"
                                        : "null::text[] as attnames, null as rowfilter")
                                + " from pg_catalog.pg_publication_tables p"
                                + " join pg_catalog.pg_namespace n on n.nspname = p.schemaname"
                                + " join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = p.tablename"
                                + " where p.pubname = any ($1) order by 2, 3",
                        publications)
                .stream()
                .toList();
        Map<Long, Row> first = new LinkedHashMap<>();
        Map<Long, @Nullable String> filters = new LinkedHashMap<>();
        for (Row row : rows) {
            long oid = row.getLong("oid");
            String filter = row.getString("rowfilter");
            if (first.putIfAbsent(oid, row) == null) {
                filters.put(oid, filter);
            } else {
                String before = filters.get(oid);
                // One that has all rows wins.
                filters.put(oid, before == null || filter == null ? null : "(" + before + ") or (" + filter + ")");
            }
        }
        List<PublishedTable> tables = new ArrayList<>();
        first.forEach((oid, row) -> tables.add(of(db, row, filters.get(oid))));
        return tables;
    }

    private static PublishedTable of(PgConnection db, Row table, @Nullable String filter) {
        long oid = table.getLong("oid");
        String[] listed = table.get("attnames", String[].class);
        Set<String> published = listed == null ? null : Set.of(listed);
        boolean generated = db.info().serverVersion() >= V18;
        List<Relation.Column> columns = new ArrayList<>();
        List<String> expressions = new ArrayList<>();
        List<Boolean> textual = new ArrayList<>();
        for (Row row : db.query(COLUMNS, oid, generated)) {
            String name = given(row, "attname");
            if (published != null && !published.contains(name)) {
                continue;
            }
            String schema = row.getString("told_schema");
            columns.add(new Relation.Column(
                    name,
                    row.getLong("atttypid"),
                    schema == null ? null : new Relation.TypeName(schema, given(row, "told_name")),
                    row.getInt("atttypmod"),
                    row.getBoolean("key")));
            boolean text = row.getBoolean("textual");
            textual.add(text);
            expressions.add(Identifier.of(name).quoted() + (text ? "::pg_catalog.text" : ""));
        }
        Relation relation = new Relation(
                (int) oid,
                given(table, "nspname"),
                given(table, "relname"),
                ReplicaIdentity.of(given(table, "relreplident").charAt(0)),
                columns,
                db.types());
        boolean[] text = new boolean[textual.size()];
        for (int i = 0; i < text.length; i++) {
            text[i] = textual.get(i);
        }
        return new PublishedTable(
                relation, expressions, text, given(table, "relkind").equals("p"), filter);
    }

    private static String given(Row row, String column) {
        return Objects.requireNonNull(row.getString(column), column);
    }

    Relation relation() {
        return relation;
    }

    /** Returns the table's name as SQL writes it. */
    String name() {
        return Identifier.of(relation.schema(), relation.name()).quoted();
    }

    /** Returns the query that gives what is published of it; a table that others inherit from gives its own rows. */
    String query() {
        return "select " + String.join(", ", expressions) + " from " + (partitioned ? "" : "only ") + name()
                + (filter == null ? "" : " where " + filter);
    }

    /** Returns what makes rows of what COPY sends. */
    CopiedRows rows(Consumer<ChangedRow> to) {
        return new CopiedRows(relation, text, to);
    }
}
