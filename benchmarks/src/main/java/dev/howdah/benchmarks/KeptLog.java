package dev.howdah.benchmarks;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.type.Lsn;
import java.util.Objects;

/** The log that W12 receives: from where a slot stands to a place that a table has. For each repetition the slot is made anew from another one. */
public final class KeptLog {

    /** The slot to receive with. */
    public static final String SLOT = "w12";

    static final String CREATE_SLOT = "select pg_create_physical_replication_slot('w12_kept', true)";

    static final String RENEW = """
            select pg_drop_replication_slot('w12') from pg_replication_slots where slot_name = 'w12';
            select pg_copy_physical_replication_slot('w12_kept', 'w12')""";

    static final String ACTIVE =
            "select coalesce(bool_or(active), false) from pg_replication_slots where slot_name = 'w12'";

    private KeptLog() {}

    /** Writes the log, in messages that nobody reads, and some more: pg_receivewal ends when something has come from behind the end. */
    static String write(int mebibytes) {
        return """
                select count(pg_logical_emit_message(false, 'w12', repeat('x', 1048000))) from generate_series(1, %d);
                create table w12_end as select pg_current_wal_flush_lsn() as lsn;
                select pg_logical_emit_message(true, 'w12', repeat('x', 1048000));
                select pg_switch_wal()""".formatted(mebibytes);
    }

    /** Returns where it ends. */
    public static Lsn end(Target target) {
        try (PgConnection db = Howdah.connect(target.conninfo())) {
            return Objects.requireNonNull(db.queryOne("select lsn from w12_end", Lsn.class));
        }
    }
}
