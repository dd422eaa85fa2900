package dev.howdah.cli;

import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.sql.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The tables that {@code howdah tail} makes publications of. The server refuses UPDATE and DELETE, to everybody, of a table that is
 * published with them and has nothing that identifies its rows. So of such tables no more than INSERT and TRUNCATE may be published.
 *
 * @param identified those whose UPDATE and DELETE can be published, as SQL writes them
 * @param others those of which they must not be
 * @see <a href="https://www.postgresql.org/docs/current/logical-replication-publication.html">Publication</a>
 */
record TailTables(List<String> identified, List<String> others) {

    private static final int V18 = 180_000;

    private static final String NAMED =
            "select c.oid::bigint from pg_catalog.pg_class c where c.oid = $1::text::regclass";

    private static final String ALL = """
            select c.oid::bigint from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and c.relpersistence = 'p' and not c.relispartition
              and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%'
              and ($1 or pg_catalog.pg_has_role(c.relowner, 'USAGE'))
            """;

    /**
     * A table has partitions and children, which are published with it. New partitions of one get its primary key, but not its replica
     * identity. From PostgreSQL 18 on generated columns, which are not published, must not belong to the identity.
     */
    private static final String IDENTITY = """
            with recursive family as (
              select oid as root, oid from pg_catalog.unnest($1::oid[]) as given (oid)
              union select f.root, i.inhrelid from family f join pg_catalog.pg_inherits i on i.inhparent = f.oid)
            select n.nspname::text, t.relname::text, (select pg_catalog.bool_and(c.relkind not in ('r', 'p')
                or c.relkind = 'r' and c.relreplident = 'f' and not ($2 and exists (select from pg_catalog.pg_attribute a
                  where a.attrelid = c.oid and a.attgenerated <> '' and not a.attisdropped))
                or exists (select from pg_catalog.pg_index i where i.indrelid = c.oid
                  and i.indisvalid and i.indimmediate and i.indpred is null
                  and (c.relreplident = 'd' and i.indisprimary
                    or c.relreplident = 'i' and case c.relkind when 'p' then i.indisprimary else i.indisreplident end)
                  and not ($2 and exists (select from pg_catalog.pg_attribute a where a.attrelid = c.oid
                    and a.attgenerated <> '' and a.attnum = any (i.indkey::int2[])))))
              from family f join pg_catalog.pg_class c on c.oid = f.oid where f.root = t.oid) as identified
            from pg_catalog.pg_class t join pg_catalog.pg_namespace n on n.oid = t.relnamespace
            where t.oid = any ($1::oid[]) order by 1, 2
            """;

    /**
     * Looks up tables by name.
     *
     * @param names as SQL reads them
     * @throws ServerException if there is none of a name
     */
    static TailTables named(PgConnection db, List<String> names) {
        List<Long> oids = new ArrayList<>();
        for (String name : names) {
            try {
                oids.add(db.queryOne(NAMED, parsed(name).quoted()).getLong(0));
            } catch (ServerException e) {
                if (e.sqlState().equals(SqlState.UNDEFINED_TABLE)) {
                    e.remark(
                            "A table outside of the search path is written with its schema; capitals need quotes, as in"
                                    + " 'shop.\"Item\"'.");
                }
                throw e;
            }
        }
        return of(db, oids);
    }

    /** Looks up all tables, or all those that the role may publish if it is no superuser. */
    static TailTables all(PgConnection db, boolean superuser) {
        return of(
                db, db.query(ALL, superuser).stream().map(row -> row.getLong(0)).toList());
    }

    /** Returns the name that the user has typed. */
    static Identifier parsed(String name) {
        try {
            return Identifier.parse(name);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private static TailTables of(PgConnection db, List<Long> oids) {
        List<String> identified = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (Row row : db.query(IDENTITY, oids, db.info().serverVersion() >= V18)) {
            String table =
                    Identifier.of(text(row, "nspname"), text(row, "relname")).quoted();
            (row.getBoolean("identified") ? identified : others).add(table);
        }
        return new TailTables(identified, others);
    }

    private static String text(Row row, String column) {
        return Objects.requireNonNull(row.getString(column), column);
    }

    /** Returns all of them. */
    List<String> all() {
        List<String> all = new ArrayList<>(identified);
        all.addAll(others);
        return all;
    }

    boolean isEmpty() {
        return identified.isEmpty() && others.isEmpty();
    }
}
