package dev.howdah.replication;

import dev.howdah.Row;
import dev.howdah.replication.Finding.Check;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a preflight asks of transactions: a slot is made when all that are open have ended, and keeps the log of the oldest. */
final class TransactionChecks {

    /** Those that have written; only they hold up slots. */
    private static final String OPEN = """
            select a.pid, a.usename::text, a.application_name, a.datname::text, a.state, age.ms
            from pg_catalog.pg_stat_activity a,
              lateral (select (extract(epoch from pg_catalog.clock_timestamp() - a.xact_start) * 1000)::bigint as ms) age
            where a.backend_xid is not null and a.pid <> pg_catalog.pg_backend_pid() and age.ms >= $1
            order by a.xact_start
            """;

    private static final String PREPARED = """
            select p.gid, p.owner::text, p.database::text, age.ms
            from pg_catalog.pg_prepared_xacts p,
              lateral (select (extract(epoch from pg_catalog.clock_timestamp() - p.prepared) * 1000)::bigint as ms) age
            where age.ms >= $1
            order by p.prepared
            """;

    private TransactionChecks() {}

    static List<Finding> open(PreflightFacts facts) {
        Duration least = facts.asked().longTransaction;
        List<Finding> found = new ArrayList<>();
        for (Row row : facts.query(OPEN, least.toMillis())) {
            int pid = row.getInt("pid");
            found.add(Finding.warning(
                    Check.LONG_TRANSACTIONS,
                    "pid " + pid,
                    "A transaction of " + row.getString("usename") + " (" + row.getString("application_name") + ", "
                            + row.getString("state") + ") in the database " + row.getString("datname") + " is open for "
                            + age(row) + ": until it ends no slot can be made, and every slot keeps the log from its"
                            + " beginning.",
                    "end it: select pg_terminate_backend(" + pid + ")"));
        }
        if (!facts.who().seesAll()) {
            found.add(Finding.note(
                    Check.LONG_TRANSACTIONS,
                    "pg_stat_activity",
                    "The role " + facts.who().role() + " does not see the transactions of others.",
                    "ask as a member of pg_monitor"));
        } else if (found.isEmpty()) {
            found.add(Finding.ok(
                    Check.LONG_TRANSACTIONS,
                    "pg_stat_activity",
                    "No transaction that writes is open for " + Amount.time(least) + " or more."));
        }
        return found;
    }

    static List<Finding> prepared(PreflightFacts facts) {
        Duration least = facts.asked().longTransaction;
        List<Finding> found = new ArrayList<>();
        for (Row row : facts.query(PREPARED, least.toMillis())) {
            String gid = PreflightFacts.text(row, "gid");
            found.add(Finding.warning(
                    Check.PREPARED_TRANSACTIONS,
                    gid,
                    "The transaction '" + gid + "' of " + row.getString("owner") + " in the database "
                            + row.getString("database") + " was prepared " + age(row)
                            + " ago and has not ended: slots keep the log from its beginning.",
                    "in that database: commit prepared or rollback prepared '" + gid.replace("'", "''") + "'"));
        }
        if (found.isEmpty()) {
            found.add(Finding.ok(
                    Check.PREPARED_TRANSACTIONS,
                    "pg_prepared_xacts",
                    "No transaction is prepared for " + Amount.time(least) + " or more."));
        }
        return found;
    }

    private static String age(Row row) {
        return Amount.time(Duration.ofMillis(row.getLong("ms")));
    }
}
