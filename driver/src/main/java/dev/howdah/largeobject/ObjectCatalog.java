package dev.howdah.largeobject;

import dev.howdah.error.ProtocolException;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.ObjectHost;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done with large objects by SQL. All names are qualified, so that no search_path leads elsewhere. */
final class ObjectCatalog {

    /** Each removal takes a lock until the transaction ends, and there is not room for many. */
    static final int ORPHANS_AT_ONCE = 1000;

    private static final String INFO = """
            select m.oid::pg_catalog.int8, pg_catalog.pg_get_userbyid(m.lomowner)::pg_catalog.text,
                pg_catalog.obj_description(m.oid, 'pg_largeobject'), m.lomacl::pg_catalog.text
            from pg_catalog.pg_largeobject_metadata m""";

    /** Makes the query for the objects that no column of type oid, of a domain over it or an array of them has. */
    private static final String ORPHAN_QUERY =
            """
            with recursive kinds(oid) as (
                select 'pg_catalog.oid'::pg_catalog.regtype::pg_catalog.oid
                union select t.oid from pg_catalog.pg_type t join kinds k
                    on t.typtype = 'd' and t.typbasetype = k.oid),
            kept(condition) as (
                select case when t.oid = any (select k.oid from kinds k)
                    then pg_catalog.format(' and not exists (select from %I.%I t where t.%I = o.oid)',
                        n.nspname, c.relname, a.attname)
                    else pg_catalog.format(' and not exists (select from %I.%I t, pg_catalog.unnest(t.%I) u(e)'
                        ' where u.e = o.oid)', n.nspname, c.relname, a.attname) end
                from pg_catalog.pg_attribute a
                join pg_catalog.pg_class c on c.oid = a.attrelid
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                join pg_catalog.pg_type t on t.oid = a.atttypid
                where a.attnum > 0 and not a.attisdropped
                    and (c.relkind = 'r' or c.relkind = 'm') and c.relispopulated
                    and not (n.nspname = 'pg_catalog' or n.nspname = 'information_schema' or n.nspname = 'pg_toast')
                    and not pg_catalog.pg_is_other_temp_schema(n.oid)
                    and (t.oid = any (select k.oid from kinds k)
                        or t.typcategory = 'A' and t.typelem = any (select k.oid from kinds k)))
            select pg_catalog.concat('select o.oid from pg_catalog.pg_largeobject_metadata o where true',
                pg_catalog.string_agg(k.condition, '')) from kept k""".replace(" = ", " operator(pg_catalog.=) ").replace(" > ", " operator(pg_catalog.>) ");

    private final ObjectHost host;
    private final CallLimits limits;

    ObjectCatalog(ObjectHost host, CallLimits limits) {
        this.host = host;
        this.limits = limits;
    }

    /** Returns the number that a function of the server returns, as 64 bits. */
    long number(String call, Object... arguments) {
        return one("select pg_catalog." + call + "::pg_catalog.int8", arguments);
    }

    private long one(String sql, Object... arguments) {
        List<Long> rows = host.query(sql, limits, row -> row.number(0), arguments);
        if (rows.size() != 1) {
            throw new ProtocolException("the server sent " + rows.size() + " rows where one is due");
        }
        return rows.getFirst();
    }

    /** Poolers that balance load know lo_creat as something that writes. */
    long create() {
        return number("lo_creat(-1)");
    }

    long create(long oid) {
        return number("lo_create($1::pg_catalog.oid)", oid);
    }

    @Nullable
    LargeObjectInfo info(long oid) {
        List<LargeObjectInfo> found = host.query(
                INFO + " where m.oid operator(pg_catalog.=) $1::pg_catalog.oid", limits, ObjectCatalog::info, oid);
        return found.isEmpty() ? null : found.getFirst();
    }

    List<LargeObjectInfo> list() {
        return List.copyOf(host.query(INFO + " order by m.oid", limits, ObjectCatalog::info));
    }

    private static LargeObjectInfo info(ObjectHost.Values row) {
        String owner = row.text(1);
        return new LargeObjectInfo(row.number(0), owner == null ? "" : owner, row.text(2), row.text(3));
    }

    void comment(long oid, @Nullable String text) {
        if (text == null) {
            host.command("comment on large object " + oid + " is null", limits);
        } else {
            command("comment on large object " + oid + " is %L", text);
        }
    }

    void grant(long oid, LargeObjectPrivilege privilege, String role) {
        command("grant " + privilege + " on large object " + oid + " to %I", role);
    }

    void revoke(long oid, LargeObjectPrivilege privilege, String role) {
        command("revoke " + privilege + " on large object " + oid + " from %I", role);
    }

    void owner(long oid, String role) {
        command("alter large object " + oid + " owner to %I", role);
    }

    /** Runs a command that takes no parameters; the server quotes what stands in it. */
    private void command(String template, String argument) {
        List<String> quoted = host.query(
                "select pg_catalog.format($1::pg_catalog.text, $2::pg_catalog.text)",
                limits,
                row -> java.util.Objects.requireNonNull(row.text(0)),
                template,
                argument);
        host.command(quoted.getFirst(), limits);
    }

    List<Long> orphans() {
        return List.copyOf(host.query(
                "select q.oid::pg_catalog.int8 from (" + orphanQuery() + ") q order by 1",
                limits,
                row -> row.number(0)));
    }

    /** Removes some; returns how many. */
    long unlinkOrphans() {
        return one("select pg_catalog.count(pg_catalog.lo_unlink(q.oid))::pg_catalog.int8 from (" + orphanQuery()
                + " limit " + ORPHANS_AT_ONCE + ") q");
    }

    private String orphanQuery() {
        return host.query(ORPHAN_QUERY, limits, row -> java.util.Objects.requireNonNull(row.text(0)))
                .getFirst();
    }
}
