package dev.howdah.replication;

import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.TransactionStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the questions of a preflight have in common, asked for once, when it is needed first. For one thread. */
final class PreflightFacts {

    private static final String SETTINGS = "select name, setting, unit from pg_catalog.pg_settings";

    private static final String PUBLICATIONS =
            "select pubname::text from pg_catalog.pg_publication where pubname = any($1::text[]) order by 1";

    private static final String WHO = """
            select r.rolname::text as role, r.rolsuper, pg_catalog.current_database()::text as database,
              pg_catalog.pg_is_in_recovery() as standby,
              r.rolreplication or exists (select from pg_catalog.pg_roles m where m.rolname = 'rds_replication'
                and pg_catalog.pg_has_role(r.oid, m.oid, 'member')) as replicates,
              pg_catalog.pg_has_role('pg_read_all_stats', 'usage') as sees_all
            from pg_catalog.pg_roles r where r.rolname = session_user
            """;

    private final PgConnection db;
    private final Preflight asked;
    private @Nullable Map<String, Setting> settings;
    private @Nullable List<SlotState> slots;
    private @Nullable List<String> publications;
    private @Nullable Who who;

    PreflightFacts(PgConnection db, Preflight asked) {
        this.db = db;
        this.asked = asked;
    }

    /**
     * Who asks, and where.
     *
     * @param replicates whether it has the attribute, or what a cloud has in its place
     * @param seesAll whether it sees what sessions of others do
     */
    record Who(String role, boolean superuser, String database, boolean standby, boolean replicates, boolean seesAll) {}

    /** A setting in its own unit. */
    record Setting(String value, @Nullable String unit) {

        long number() {
            return Long.parseLong(value);
        }

        /** Bytes; -1 where nothing limits it. */
        long bytes() {
            long factor = unit == null
                    ? 1
                    : switch (unit) {
                        case "B" -> 1;
                        case "kB" -> 1L << 10;
                        case "8kB" -> 1L << 13;
                        case "MB" -> 1L << 20;
                        default -> throw new IllegalStateException("the unit " + unit + " is not one of sizes");
                    };
            return number() < 0 ? -1 : number() * factor;
        }

        Duration time() {
            return switch (unit == null ? "ms" : unit) {
                case "ms" -> Duration.ofMillis(number());
                case "s" -> Duration.ofSeconds(number());
                case "min" -> Duration.ofMinutes(number());
                default -> throw new IllegalStateException("the unit " + unit + " is not one of time");
            };
        }
    }

    Preflight asked() {
        return asked;
    }

    int version() {
        return db.info().serverVersion();
    }

    String versionText() {
        return db.info().serverVersionText();
    }

    String user() {
        return db.info().user();
    }

    /** Asks; a question that is refused does not end a transaction that is open. */
    List<Row> query(String sql, @Nullable Object... parameters) {
        return unharmed(() -> db.query(sql, parameters).stream().toList());
    }

    private <T> T unharmed(Supplier<T> question) {
        boolean open = !db.autocommit() || db.info().transactionStatus() != TransactionStatus.IDLE;
        return open ? db.inTransaction(transaction -> question.get()) : question.get();
    }

    /** Null if there is none, or the role may not see it. */
    @Nullable
    Setting setting(String name) {
        if (settings == null) {
            Map<String, Setting> seen = new HashMap<>();
            for (Row row : query(SETTINGS)) {
                seen.put(text(row, "name"), new Setting(text(row, "setting"), row.getString("unit")));
            }
            settings = seen;
        }
        return settings.get(name);
    }

    /** One that the table says is needed. */
    Setting given(String name) {
        return Objects.requireNonNull(setting(name), name);
    }

    Who who() {
        if (who == null) {
            Row row = query(WHO).getFirst();
            who = new Who(
                    text(row, "role"),
                    row.getBoolean("rolsuper"),
                    text(row, "database"),
                    row.getBoolean("standby"),
                    row.getBoolean("replicates"),
                    row.getBoolean("sees_all"));
        }
        return who;
    }

    List<SlotState> slots() {
        if (slots == null) {
            slots = unharmed(() -> new ReplicationMonitor(db).slots());
        }
        return slots;
    }

    /** The slot that is asked for; null if there is none. */
    @Nullable
    SlotState slot() {
        return slots().stream()
                .filter(slot -> slot.name().equals(asked.slot))
                .findFirst()
                .orElse(null);
    }

    /** Those of the publications asked for that are there. */
    List<String> publications() {
        if (publications == null) {
            publications = asked.publications.isEmpty()
                    ? List.of()
                    : query(PUBLICATIONS, asked.publications).stream()
                            .map(row -> text(row, "pubname"))
                            .toList();
        }
        return publications;
    }

    List<WalSenderState> walSenders() {
        return unharmed(() -> new ReplicationMonitor(db).walSenders());
    }

    static String text(Row row, String column) {
        return Objects.requireNonNull(row.getString(column), column);
    }
}
