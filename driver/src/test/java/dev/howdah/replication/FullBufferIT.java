package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.type.Lsn;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;

/** A stream that nobody reads while TLS has taken more from the socket than the stream takes. */
@Timeout(60)
class FullBufferIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @ParameterizedTest
    @PostgresVersions
    void itsConnectionIsClosedAllTheSame(TestDatabase database) {
        String slot = "full_buffer_" + ProcessHandle.current().pid();
        database.execute("select pg_create_physical_replication_slot('" + slot + "', true)");
        try {
            Lsn place = Lsn.parse(database.server().walPosition());
            database.execute("create table unread as select repeat('x', 1000) from generate_series(1, 20000)");
            try (PhysicalReplicationConnection db =
                    PhysicalReplicationConnection.connect(database.dsn(Roles.REPLICATION) + " sslmode=require")) {
                db.cursor().startReplication(StreamOptions.slot(slot).startLsn(place));
                Await.until(
                        "the server cannot send more",
                        PATIENCE,
                        () -> "1"
                                .equals(database.execute("select count(*) from pg_stat_activity where"
                                                + " wait_event in ('WalSenderMain', 'WalSenderWriteData') and pid = "
                                                + db.info().backendPid())
                                        .getFirst()
                                        .getFirst()));
                assertThat(db.info().sslInUse()).isTrue();
            }
            String active = "select count(*) from pg_replication_slots where active and slot_name = '" + slot + "'";
            Await.until(
                    "the slot is free",
                    PATIENCE,
                    () -> "0".equals(database.execute(active).getFirst().getFirst()));
        } finally {
            database.execute("select pg_drop_replication_slot('" + slot + "')");
        }
    }
}
