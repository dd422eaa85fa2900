package dev.howdah.replication;

import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.type.Lsn;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the slots of a server and at the processes that send its log: how far each of them is, and how much log is kept for it. PostgreSQL
 * 14 and later.
 *
 * <p>It runs SQL on a connection of any kind but a {@link PhysicalReplicationConnection}, where the server refuses it (0A000); so it takes
 * no process that replicates away from those who need it. Any role may look at slots; see {@link WalSenderState} for what it sees of
 * processes. On a standby it shows the standby's own.
 *
 * <p>As safe for several threads as its connection. A call fails as a query does.
 *
 * @see <a href="https://www.postgresql.org/docs/current/view-pg-replication-slots.html">pg_replication_slots</a>
 * @see <a href="https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW">pg_stat_replication</a>
 */
public final class ReplicationMonitor {

    private static final int V16 = 160_000;
    private static final int V17 = 170_000;

    /**
     * How far the log goes, asked for once. A standby gets it from the primary or from an archive, and has it all when it has replayed what
     * it has received; each of both functions may know of nothing.
     */
    private static final String HERE = """
            with here as materialized (
              select case when pg_catalog.pg_is_in_recovery()
                then coalesce(greatest(pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn()), '0/0')
                else pg_catalog.pg_current_wal_lsn() end as lsn)
            """;

    private static final String WAL_SENDERS = HERE + """
            select r.pid, r.usename, r.application_name, r.client_addr, r.backend_start, r.state,
              here.lsn, r.sent_lsn, r.write_lsn, r.flush_lsn, r.replay_lsn,
              (extract(epoch from r.write_lag) * 1000000)::bigint as write_lag,
              (extract(epoch from r.flush_lag) * 1000000)::bigint as flush_lag,
              (extract(epoch from r.replay_lag) * 1000000)::bigint as replay_lag,
              r.sync_priority, r.sync_state, r.reply_time,
              (select pg_catalog.min(s.slot_name::text) from pg_catalog.pg_replication_slots s where s.active_pid = r.pid) as slot_name
            from here, pg_catalog.pg_stat_replication r order by r.pid
            """;

    private final PgConnection connection;

    /**
     * Makes one; it sends nothing.
     *
     * @param connection what it asks; stays the caller's, who closes it
     */
    public ReplicationMonitor(PgConnection connection) {
        this.connection = Objects.requireNonNull(connection, "connection");
    }

    /** Returns all slots of the server, of all databases, by name. */
    public List<SlotState> slots() {
        String sql = slotsSql(connection.info().serverVersion());
        return connection.query(sql).stream().map(ReplicationMonitor::slot).toList();
    }

    /** Returns all processes that send the server's log, or changes decoded from it, by process ID. */
    public List<WalSenderState> walSenders() {
        return connection.query(WAL_SENDERS).stream()
                .map(ReplicationMonitor::walSender)
                .toList();
    }

    private static String slotsSql(int version) {
        return HERE
                + "select s.slot_name, s.slot_type, s.plugin, s.database, s.temporary, s.active, s.active_pid, here.lsn,"
                + " s.restart_lsn, s.confirmed_flush_lsn, s.wal_status, s.safe_wal_size, pg_catalog.age(s.xmin) as xmin_age,"
                + " pg_catalog.age(s.catalog_xmin) as catalog_xmin_age, s.two_phase, "
                + (version >= V16 ? "s.conflicting, " : "null::boolean as conflicting, ")
                + (version >= V17
                        ? "s.invalidation_reason, s.failover, s.synced, s.inactive_since"
                        : "null::text as invalidation_reason, null::boolean as failover, null::boolean as synced,"
                                + " null::timestamptz as inactive_since")
                + " from here, pg_catalog.pg_replication_slots s order by s.slot_name";
    }

    private static SlotState slot(Row row) {
        return new SlotState(
                given(row, "slot_name", String.class),
                "logical".equals(row.getString("slot_type")) ? ReplicationType.LOGICAL : ReplicationType.PHYSICAL,
                row.getString("plugin"),
                row.getString("database"),
                row.getBoolean("temporary"),
                row.getBoolean("active"),
                row.get("active_pid", Integer.class),
                given(row, "lsn", Lsn.class),
                row.get("restart_lsn", Lsn.class),
                row.get("confirmed_flush_lsn", Lsn.class),
                row.getString("wal_status"),
                row.get("safe_wal_size", Long.class),
                row.get("xmin_age", Integer.class),
                row.get("catalog_xmin_age", Integer.class),
                row.getBoolean("two_phase"),
                row.get("conflicting", Boolean.class),
                row.getString("invalidation_reason"),
                row.get("failover", Boolean.class),
                row.get("synced", Boolean.class),
                row.get("inactive_since", Instant.class));
    }

    private static WalSenderState walSender(Row row) {
        return new WalSenderState(
                row.getInt("pid"),
                row.getString("usename"),
                row.getString("application_name"),
                row.get("client_addr", InetAddress.class),
                row.get("backend_start", Instant.class),
                row.getString("state"),
                given(row, "lsn", Lsn.class),
                row.get("sent_lsn", Lsn.class),
                row.get("write_lsn", Lsn.class),
                row.get("flush_lsn", Lsn.class),
                row.get("replay_lsn", Lsn.class),
                micros(row, "write_lag"),
                micros(row, "flush_lag"),
                micros(row, "replay_lag"),
                row.get("sync_priority", Integer.class),
                row.getString("sync_state"),
                row.get("reply_time", Instant.class),
                row.getString("slot_name"));
    }

    private static <T> T given(Row row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }

    private static @Nullable Duration micros(Row row, String column) {
        Long micros = row.get(column, Long.class);
        return micros == null ? null : Duration.of(micros, ChronoUnit.MICROS);
    }
}
