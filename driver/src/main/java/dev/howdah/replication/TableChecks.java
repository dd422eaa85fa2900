package dev.howdah.replication;

import static dev.howdah.replication.PreflightFacts.text;

import dev.howdah.Row;
import dev.howdah.replication.Finding.Check;
import dev.howdah.sql.Identifier;
import java.util.ArrayList;
import java.util.List;

/** What a preflight asks of the tables of the publications. */
final class TableChecks {

    private static final int V15 = 150_000;
    private static final int NAMED = 10;

    /**
     * The tables as they are published: a partitioned one, or its partitions. From PostgreSQL 18 on what identifies a row must not have
     * generated columns that are not published.
     */
    private static final String PUBLISHED = """
            with published as (
              select c.oid, n.nspname, c.relname, c.relkind, pg_catalog.bool_or(p.pubupdate or p.pubdelete) as changes,
                pg_catalog.bool_or(p.pubupdate) as updates,
                -- Asked by its name in JSON, which servers that do not have it understand, too.
                pg_catalog.bool_or((p.pubupdate or p.pubdelete) and pg_catalog.to_jsonb(p) ->> 'pubgencols' = 'n') as hides,
                pg_catalog.bool_or((p.pubupdate or p.pubdelete) and pg_catalog.to_jsonb(p) ->> 'pubgencols' is not null) as strict
              from pg_catalog.pg_publication_tables t
              join pg_catalog.pg_publication p on p.pubname = t.pubname
              join pg_catalog.pg_namespace n on n.nspname = t.schemaname
              join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = t.tablename
              where t.pubname = any($1::text[]) group by 1, 2, 3, 4)
            """;

    /** The tables that have rows. An index that is deferrable, partial or not valid identifies nothing. */
    private static final String STORED = PUBLISHED + """
            , stored as (
              select coalesce(l.relid::oid, p.oid) as oid, pg_catalog.bool_or(p.changes) as changes,
                pg_catalog.bool_or(p.updates) as updates, pg_catalog.bool_or(p.hides) as hides,
                pg_catalog.bool_or(p.strict) as strict
              from published p left join lateral (
                select relid from pg_catalog.pg_partition_tree(p.oid) where isleaf and p.relkind = 'p') l on true
              group by 1)
            , tables as (
              select n.nspname::text, c.relname::text, c.relreplident::text as identity, s.changes, s.updates, c.oid,
                c.relreplident = 'f' or exists (select from pg_catalog.pg_index i where i.indrelid = c.oid
                  and i.indisvalid and i.indimmediate and i.indpred is null
                  and (c.relreplident = 'd' and i.indisprimary or c.relreplident = 'i' and i.indisreplident)) as usable,
                exists (select from pg_catalog.pg_attribute a where a.attrelid = c.oid and not a.attisdropped
                  and (a.attgenerated = 'v' and s.strict or a.attgenerated = 's' and s.hides)
                  and (c.relreplident = 'f' or exists (select from pg_catalog.pg_index i where i.indrelid = c.oid
                    and a.attnum = any (i.indkey::int2[])
                    and (c.relreplident = 'd' and i.indisprimary or c.relreplident = 'i' and i.indisreplident)))) as generated,
                c.reltoastrelid <> 0 as toasted
              from stored s join pg_catalog.pg_class c on c.oid = s.oid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r')
            """;

    private static final String UNIDENTIFIED = STORED
            + "select nspname, relname, identity, usable from tables where changes and (generated or not usable) order by 1, 2";

    /**
     * The tables with a list of columns, or a filter of rows, that does not have what it must: the list all columns that identify a row, the
     * filter no others. A filter is kept as a tree of nodes, which names columns by their numbers. A partitioned table's holds for its
     * partitions, where a column may have another number.
     */
    private static final String NARROWED = """
            with narrowed as (
              select r.prrelid, r.prattrs is not null as listed,
                array(select a.attname from pg_catalog.pg_attribute a where a.attrelid = r.prrelid
                  and a.attnum = any (r.prattrs::int2[])) as columns,
                array(select a.attname from pg_catalog.pg_attribute a where a.attrelid = r.prrelid and a.attnum in (
                  select m[1]::int2 from pg_catalog.regexp_matches(r.prqual::text, ':varattno (\\d+)', 'g') m)) as filtered
              from pg_catalog.pg_publication_rel r join pg_catalog.pg_publication p on p.oid = r.prpubid
              where p.pubname = any($1::text[]) and (p.pubupdate or p.pubdelete))
            , stored as (
              select c.oid, c.relname, c.relnamespace, n.listed, n.columns, n.filtered, c.relreplident = 'f' as whole,
                array(select a.attname from pg_catalog.pg_index i
                  join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey::int2[])
                  where i.indrelid = c.oid and (c.relreplident = 'd' and i.indisprimary
                    or c.relreplident = 'i' and i.indisreplident)) as identity
              from narrowed n left join lateral (
                select relid from pg_catalog.pg_partition_tree(n.prrelid) where isleaf) l on true
              join pg_catalog.pg_class c on c.oid = coalesce(l.relid::oid, n.prrelid) where c.relkind = 'r')
            select n.nspname::text, s.relname::text,
              pg_catalog.bool_or(s.listed and (s.whole or not s.identity <@ s.columns)) as unlisted
            from stored s join pg_catalog.pg_namespace n on n.oid = s.relnamespace
            where (s.whole or pg_catalog.cardinality(s.identity) > 0)
              and (s.listed and (s.whole or not s.identity <@ s.columns) or not s.whole and not s.filtered <@ s.identity)
            group by 1, 2 order by 1, 2
            """;

    private static final String TOASTED = STORED + """
            select t.nspname, t.relname, (select pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' order by a.attnum)
              from pg_catalog.pg_attribute a where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
                and a.attstorage <> 'p') as columns
            from tables t where t.updates and t.toasted and t.identity <> 'f' order by 1, 2
            """;

    private static final String HIDDEN = PUBLISHED + """
            select p.nspname::text, p.relname::text from published p
            where pg_catalog.row_security_active(p.oid) order by 1, 2
            """;

    private static final String OF_ALL_TABLES = """
            select n.nspname::text, c.relname::text
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r' and c.relpersistence = 'u' and (exists (
              select from pg_catalog.pg_publication p where p.pubname = any($1::text[]) and p.puballtables)
            """;

    private static final String OF_ITS_SCHEMA = """
            or exists (select from pg_catalog.pg_publication p join pg_catalog.pg_publication_namespace s on s.pnpubid = p.oid
              where p.pubname = any($1::text[]) and s.pnnspid = n.oid)
            """;

    private static final String BY_NAME = ") order by 1, 2";

    private TableChecks() {}

    private static List<Row> ask(PreflightFacts facts, String sql) {
        List<String> publications = facts.publications();
        return publications.isEmpty() ? List.of() : facts.query(sql, publications);
    }

    private static String table(Row row) {
        return Identifier.of(text(row, "nspname"), text(row, "relname")).quoted();
    }

    private static List<Finding> orFine(PreflightFacts facts, List<Finding> found, Check check, String fine) {
        List<String> publications = facts.publications();
        return found.isEmpty() && !publications.isEmpty()
                ? List.of(Finding.ok(check, String.join(", ", publications), fine))
                : found;
    }

    static List<Finding> identity(PreflightFacts facts) {
        List<Finding> found = new ArrayList<>();
        for (Row row : ask(facts, UNIDENTIFIED)) {
            String table = table(row);
            boolean usable = row.getBoolean("usable");
            String why = usable ? "its replica identity has generated columns that are not published" : missing(row);
            found.add(Finding.error(
                    Check.REPLICA_IDENTITY,
                    table,
                    "The table " + table + " is published with UPDATE or DELETE, but " + why
                            + ": the server refuses both to everybody.",
                    usable
                            ? "add a primary key without them, or set (publish_generated_columns = stored)"
                            : "add a primary key, or alter table " + table + " replica identity full"));
        }
        if (facts.version() >= V15) {
            ask(facts, NARROWED).forEach(row -> found.add(narrowed(row)));
        }
        return orFine(
                facts, found, Check.REPLICA_IDENTITY, "All published tables have a replica identity, or need none.");
    }

    private static Finding narrowed(Row row) {
        String table = table(row);
        boolean unlisted = row.getBoolean("unlisted");
        return Finding.error(
                Check.REPLICA_IDENTITY,
                table,
                "The table " + table + " is published with UPDATE or DELETE, but "
                        + (unlisted
                                ? "with a list of columns that does not have all of its replica identity"
                                : "with a filter of rows on columns that are not of its replica identity")
                        + ": the server refuses both to everybody.",
                unlisted
                        ? "alter publication ... set table with the columns of its replica identity in the list"
                        : "alter table " + table + " replica identity full, or using an index that has these columns");
    }

    private static String missing(Row row) {
        return switch (text(row, "identity")) {
            case "n" -> "its replica identity is NOTHING";
            case "i" -> "the index of its replica identity is gone or not valid";
            default -> "it has no primary key that is not deferrable";
        };
    }

    static List<Finding> toast(PreflightFacts facts) {
        List<Row> rows = ask(facts, TOASTED);
        if (rows.isEmpty()) {
            return List.of();
        }
        StringBuilder names = new StringBuilder();
        for (Row row : rows.subList(0, Math.min(NAMED, rows.size()))) {
            names.append(names.isEmpty() ? "" : ", ")
                    .append(table(row))
                    .append(" (")
                    .append(text(row, "columns"))
                    .append(')');
        }
        if (rows.size() > NAMED) {
            names.append(" and ").append(rows.size() - NAMED).append(" more");
        }
        return List.of(
                Finding.note(
                        Check.TOAST_WITHOUT_FULL,
                        String.join(", ", facts.publications()),
                        "Large values that an UPDATE leaves as they are are not sent but marked as unchanged, in "
                                + names + ".",
                        "have the consumer keep what it has; or alter table ... replica identity full, and take it from the old row"));
    }

    static List<Finding> rowSecurity(PreflightFacts facts) {
        List<Finding> found = new ArrayList<>();
        for (Row row : ask(facts, HIDDEN)) {
            String table = table(row);
            found.add(
                    Finding.warning(
                            Check.ROW_SECURITY,
                            table,
                            "Policies decide which rows of " + table
                                    + " the role sees when it reads the table, as a first copy does;"
                                    + " the stream has all.",
                            "read it as a role with BYPASSRLS, with row_security = off so that rows are never left out silently"));
        }
        return orFine(facts, found, Check.ROW_SECURITY, "No policy hides rows of the published tables from the role.");
    }

    static List<Finding> unlogged(PreflightFacts facts) {
        String sql = OF_ALL_TABLES + (facts.version() >= V15 ? OF_ITS_SCHEMA : "") + BY_NAME;
        List<Finding> found = new ArrayList<>();
        for (Row row : ask(facts, sql)) {
            String table = table(row);
            found.add(Finding.warning(
                    Check.UNLOGGED,
                    table,
                    "The table " + table
                            + " is unlogged, so that a publication of all tables, or of all of a schema, does not have it.",
                    "alter table " + table + " set logged, if its changes are wanted"));
        }
        return orFine(facts, found, Check.UNLOGGED, "No table is left out because it is unlogged.");
    }
}
