package dev.howdah.replication;

import dev.howdah.testkit.Await;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.SeededRandom;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A server that is followed over a wire and, from PostgreSQL 17 on, its standby, which keeps the slot and can be promoted. Everything of
 * them can be ended at random.
 */
final class FollowedServers implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final String slot;
    private final PostgresServer primary;
    private final FaultyWire wire;
    private final @Nullable PostgresServer standby;
    private final @Nullable FaultyWire standbyWire;
    private volatile boolean promoted;

    private FollowedServers(String slot, PostgresServer primary) {
        this.slot = slot;
        this.primary = primary;
        this.wire = FaultyWire.to(primary);
        this.standby = primary.version() < 17 ? null : standbyOf(primary);
        this.standbyWire = standby == null ? null : FaultyWire.to(standby);
    }

    /**
     * Starts them.
     *
     * @param slot its name
     * @param preparation SQL
     */
    static FollowedServers start(int version, String slot, String preparation) {
        PostgresServer primary = PostgresServer.builder()
                .version(version)
                .config("logical_decoding_work_mem", "64kB")
                .config("hot_standby_feedback", "on")
                .start();
        primary.admin().execute(preparation);
        return new FollowedServers(slot, primary);
    }

    private static PostgresServer standbyOf(PostgresServer primary) {
        primary.execute("select pg_create_physical_replication_slot('standby', true)");
        PostgresServer standby = primary.standby().start();
        String conninfo = String.valueOf(
                standby.execute("show primary_conninfo").getFirst().getFirst());
        standby.configure("primary_conninfo", conninfo + " dbname=postgres");
        standby.configure("primary_slot_name", "standby");
        standby.configure("wal_retrieve_retry_interval", "100ms");
        standby.configure("sync_replication_slots", "on");
        // What the standby does not have must not be told to the follower.
        primary.configure("synchronized_standby_slots", "standby");
        return standby;
    }

    boolean haveStandby() {
        return standby != null;
    }

    /** The server that takes writes. */
    PostgresServer current() {
        return promoted && standby != null ? standby : primary;
    }

    /** Where to follow: over the wires. */
    String wired() {
        return dsn(wire.port(), standbyWire == null ? 0 : standbyWire.port());
    }

    /** Where to write. */
    String direct() {
        return dsn(primary.port(), standby == null ? 0 : standby.port());
    }

    private static String dsn(int port, int other) {
        return "host=127.0.0.1" + (other == 0 ? "" : ",127.0.0.1") + " port=" + port + (other == 0 ? "" : "," + other)
                + " dbname=postgres target_session_attrs=primary user=" + Roles.REPLICATION.name() + " password='"
                + Roles.REPLICATION.password() + "'";
    }

    /** Ends something. */
    void endSomething(SeededRandom random) {
        PostgresServer server = current();
        FaultyWire over = promoted && standbyWire != null ? standbyWire : wire;
        switch (random.nextInt(10)) {
            case 0 -> server.restart();
            case 1 -> {
                server.crash();
                server.restart();
            }
            case 2, 3, 4 ->
                server.execute("select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = '"
                        + slot + "'");
            case 5, 6 -> over.closeAll();
            default -> over.resetAll();
        }
    }

    /** Kills the primary for good, once the standby has the slot, and promotes the standby. */
    void failOver() {
        PostgresServer next = standby;
        if (next == null) {
            throw new IllegalStateException("there is no standby");
        }
        String ready = "select count(*) from pg_replication_slots where slot_name = '" + slot
                + "' and synced and not temporary and invalidation_reason is null";
        Await.until(
                "the slot is kept on the standby",
                PATIENCE,
                () -> "1".equals(next.execute(ready).getFirst().getFirst()));
        primary.crash();
        next.promote();
        next.configure("synchronized_standby_slots", "");
        promoted = true;
    }

    @Override
    public void close() {
        if (standbyWire != null) {
            standbyWire.close();
        }
        wire.close();
        if (standby != null) {
            standby.close();
        }
        primary.close();
    }
}
