package dev.howdah.replication;

import static dev.howdah.replication.PreflightFacts.text;

import dev.howdah.Row;
import dev.howdah.replication.Finding.Check;
import dev.howdah.sql.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a preflight asks of publications. */
final class PublicationChecks {

    private static final int V15 = 150_000;

    private static final String ALL_NAMES = "select pubname::text from pg_catalog.pg_publication order by 1 limit 10";

    private static final String TABLES = """
            select p.pubname::text, p.puballtables, (select pg_catalog.count(*) from pg_catalog.pg_publication_tables t
              where t.pubname = p.pubname) as tables
            from pg_catalog.pg_publication p where p.pubname = any($1::text[]) order by 1
            """;

    private static final String OPERATIONS = """
            select pubname::text, pg_catalog.concat_ws(', ', case when not pubinsert then 'INSERT' end,
              case when not pubupdate then 'UPDATE' end, case when not pubdelete then 'DELETE' end,
              case when not pubtruncate then 'TRUNCATE' end) as missing
            from pg_catalog.pg_publication where pubname = any($1::text[]) order by 1
            """;

    private static final String FILTERS = """
            select p.pubname::text, n.nspname::text, c.relname::text, pg_catalog.pg_get_expr(r.prqual, r.prrelid) as filter,
              (select pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' order by a.attnum)
                from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum = any(r.prattrs)) as columns
            from pg_catalog.pg_publication_rel r
            join pg_catalog.pg_publication p on p.oid = r.prpubid
            join pg_catalog.pg_class c on c.oid = r.prrelid
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where p.pubname = any($1::text[]) and (r.prqual is not null or r.prattrs is not null)
            order by 1, 2, 3
            """;

    /** Transactions before the slot's horizon had ended before anything that the slot has still to send. */
    private static final String BEFORE = """
            select p.pubname::text, pg_catalog.age(p.xmin) > pg_catalog.age(s.catalog_xmin) as before
            from pg_catalog.pg_publication p, pg_catalog.pg_replication_slots s
            where p.pubname = any($1::text[]) and s.slot_name = $2 and s.catalog_xmin is not null
              and s.database = pg_catalog.current_database()
            order by 1
            """;

    private PublicationChecks() {}

    private static List<Finding> each(PreflightFacts facts, String sql, Function<Row, @Nullable Finding> question) {
        List<Finding> found = new ArrayList<>();
        if (!facts.publications().isEmpty()) {
            for (Row row : facts.query(sql, facts.publications())) {
                Finding finding = question.apply(row);
                if (finding != null) {
                    found.add(finding);
                }
            }
        }
        return found;
    }

    static List<Finding> exist(PreflightFacts facts) {
        List<String> asked = facts.asked().publications;
        if (asked.isEmpty()) {
            return facts.asked().plugin.equals("pgoutput") ? List.of(none(facts)) : List.of();
        }
        List<String> there = facts.publications();
        return asked.stream()
                .distinct()
                .map(name -> there.contains(name)
                        ? Finding.ok(Check.PUBLICATION_EXISTS, name, "There is a publication " + name + ".")
                        : missing(facts, name))
                .toList();
    }

    private static Finding none(PreflightFacts facts) {
        String names = String.join(
                ", ",
                facts.query(ALL_NAMES).stream().map(row -> text(row, "pubname")).toList());
        return Finding.note(
                Check.PUBLICATION_EXISTS,
                "publication_names",
                "No publication was named, and pgoutput needs one; "
                        + (names.isEmpty() ? "the database has none." : "the database has " + names + "."),
                names.isEmpty() ? "create publication ... for table ..." : "name one of them");
    }

    private static Finding missing(PreflightFacts facts, String name) {
        return Finding.error(
                Check.PUBLICATION_EXISTS,
                name,
                "There is no publication " + name + " in the database "
                        + facts.who().database() + ".",
                "create publication " + Identifier.of(name).quoted() + " for table ..."
                        + (facts.slot() == null
                                ? ", before the slot is made"
                                : "; the slot does not know it for what was changed before, so make the slot anew afterwards"));
    }

    static List<Finding> empty(PreflightFacts facts) {
        return each(facts, TABLES, row -> {
            String name = text(row, "pubname");
            long tables = row.getLong("tables");
            if (tables > 0) {
                String has = "The publication has " + Amount.count(tables, "table", "tables") + ".";
                return Finding.ok(Check.PUBLICATION_EMPTY, name, has);
            }
            return row.getBoolean("puballtables")
                    ? Finding.note(
                            Check.PUBLICATION_EMPTY,
                            name,
                            "The publication is of all tables, and there are none.",
                            null)
                    : Finding.warning(
                            Check.PUBLICATION_EMPTY,
                            name,
                            "The publication has no tables, so that nothing is sent.",
                            "alter publication " + Identifier.of(name).quoted() + " add table ...");
        });
    }

    static List<Finding> operations(PreflightFacts facts) {
        return each(facts, OPERATIONS, row -> {
            String name = text(row, "pubname");
            String missing = text(row, "missing");
            return missing.isEmpty()
                    ? null
                    : Finding.note(
                            Check.PUBLICATION_OPERATIONS,
                            name,
                            "The publication does not have " + missing + ".",
                            "if they are wanted: alter publication "
                                    + Identifier.of(name).quoted()
                                    + " set (publish = 'insert, update, delete, truncate')");
        });
    }

    static List<Finding> filters(PreflightFacts facts) {
        if (facts.version() < V15) {
            return List.of();
        }
        return each(facts, FILTERS, row -> {
            String table =
                    Identifier.of(text(row, "nspname"), text(row, "relname")).quoted();
            String filter = row.getString("filter");
            String columns = row.getString("columns");
            String text = "The publication " + text(row, "pubname") + " has of the table only "
                    + (filter == null ? "" : "rows where " + filter)
                    + (filter == null || columns == null ? "" : ", and ")
                    + (columns == null ? "" : "the columns " + columns)
                    + "; a first copy should have no more.";
            return Finding.note(Check.PUBLICATION_FILTERS, table, text, null);
        });
    }

    /** No catalog tells when a publication was made; that it was made before can be known, that it was not cannot. */
    static List<Finding> beforeSlot(PreflightFacts facts) {
        String slot = facts.asked().slot;
        List<String> publications = facts.publications();
        if (slot == null || publications.isEmpty()) {
            return List.of();
        }
        List<Finding> found = new ArrayList<>();
        for (Row row : facts.query(BEFORE, publications, slot)) {
            String name = text(row, "pubname");
            found.add(
                    row.getBoolean("before")
                            ? Finding.ok(
                                    Check.PUBLICATION_BEFORE_SLOT,
                                    name,
                                    "The publication was there before all that the slot has still to send.")
                            : Finding.note(
                                    Check.PUBLICATION_BEFORE_SLOT,
                                    name,
                                    "Whether the publication was there before the slot is not known: it was made or altered"
                                            + " later than the oldest transaction that the slot goes back to.",
                                    "if it was made after the slot, make the slot anew: changes before it end the stream, or"
                                            + " from PostgreSQL 18 on are left out"));
        }
        return found;
    }
}
