package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.PgException;
import dev.howdah.replication.LogicalReplicationConnection;
import dev.howdah.replication.ReplicationCursor;
import dev.howdah.replication.ReplicationMessage;
import dev.howdah.replication.StreamOptions;
import dev.howdah.testkit.AdminSession;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.type.Lsn;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replication over a wire that gives and takes single bytes, breaks, or falls silent; and a server that is stopped. */
@ExtendWith(PostgresExtension.class)
@Timeout(180)
class ReplicationWireIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SLOT = "howdah_wire_" + ProcessHandle.current().pid();

    private static void drop(AdminSession admin) {
        AwaitSlots.free(admin, SLOT);
        admin.execute("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '" + SLOT
                + "'");
    }

    @ParameterizedTest
    @EnumSource
    void inPiecesOfOneByte(Place.Face face, TestDatabase database) throws Throwable {
        for (String tls : List.of(" sslmode=disable", " sslmode=require")) {
            try (FaultyWire wire = FaultyWire.to(database.server());
                    AdminSession admin = database.admin()) {
                admin.execute("drop table if exists wired; create table wired (id int)");
                wire.toClient().chunk(1);
                wire.toServer().chunk(1);
                ConnectOptions options = ConnectOptions.parse(
                        wire.dsn(database.name(), Roles.REPLICATION) + tls + " replication=database");
                try (Faced faced = Faced.connect(face, options)) {
                    faced.run(() -> {
                        ReplicationCursor cursor = faced.db().cursor(ReplicationCursor::new);
                        cursor.createReplicationSlot(SLOT, "test_decoding");
                        cursor.startReplication(SLOT);
                        admin.execute("insert into wired select generate_series(1, 5)");
                        List<ReplicationMessage> messages = ReplicationContract.read(cursor, 7);
                        assertThat(messages.get(5).text()).endsWith("INSERT: id[integer]:5");
                        Lsn commit = messages.get(6).dataStart();
                        cursor.sendFeedback(commit, commit, commit, true, true);
                        cursor.stopReplication();
                        assertThat(faced.db().queryValue("select 1", Integer.class))
                                .isEqualTo(1);
                        cursor.dropReplicationSlot(SLOT);
                    });
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 5, 6, 40, 100, 300})
    void aConnectionThatBreaksEndsTheStreamWithItsLoss(int bytes, TestDatabase database) {
        try (FaultyWire wire = FaultyWire.to(database.server());
                AdminSession admin = database.admin()) {
            admin.execute("create table broken (id int)");
            // What waits for more than a byte already would let all of that pass.
            wire.toClient().chunk(1);
            try (LogicalReplicationConnection db =
                    LogicalReplicationConnection.connect(wire.dsn(database.name(), Roles.REPLICATION))) {
                ReplicationCursor cursor = db.cursor();
                cursor.createReplicationSlot(SLOT, "test_decoding");
                cursor.startReplication(SLOT);
                wire.toClient().resetAt(wire.toClient().settled() + bytes);
                admin.execute("insert into broken select generate_series(1, 50)");

                Throwable failure = catchThrowable(() -> ReplicationContract.read(cursor, 52));

                assertThat(failure).isInstanceOf(ConnectionLostException.class);
                assertThatThrownBy(cursor::readMessage)
                        .isInstanceOf(IllegalStateException.class)
                        .hasCause(failure);
            }
            drop(admin);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 6, 29, 30, 35})
    void aReadThatEndsInTheMiddleOfAMessageLosesNoByte(int bytes, TestDatabase database) {
        try (FaultyWire wire = FaultyWire.to(database.server());
                AdminSession admin = database.admin()) {
            admin.execute("create table halves (id int)");
            // What waits for a byte already stops at the next one only.
            wire.toClient().chunk(1);
            try (LogicalReplicationConnection db =
                    LogicalReplicationConnection.connect(wire.dsn(database.name(), Roles.REPLICATION))) {
                ReplicationCursor cursor = db.cursor();
                cursor.createReplicationSlot(SLOT, "test_decoding");
                cursor.startReplication(StreamOptions.slot(SLOT).option("skip-empty-xacts", "1"));
                for (int i = 0; i < 3; i++) {
                    wire.toClient().stallAt(wire.toClient().settled() + bytes);
                    admin.execute("insert into halves values (" + i + ")");
                    Await.until(
                            "the wire stalls", PATIENCE, () -> wire.toClient().stalled() > 0);

                    assertThat(cursor.readMessage(Duration.ofMillis(50))).isNull();
                    assertThat(cursor.readMessage()).isNull();
                    wire.toClient().resume();

                    assertThat(ReplicationContract.texts(cursor, 3))
                            .containsExactly("BEGIN", "table public.halves: INSERT: id[integer]:" + i, "COMMIT");
                }
            }
            drop(admin);
        }
    }

    @Test
    void aPeerThatFallsSilentIsFoundDead(TestDatabase database) {
        try (FaultyWire wire = FaultyWire.to(database.server());
                AdminSession admin = database.admin()) {
            try (LogicalReplicationConnection db =
                    LogicalReplicationConnection.connect(wire.dsn(database.name(), Roles.REPLICATION))) {
                ReplicationCursor cursor = db.cursor();
                cursor.createReplicationSlot(SLOT, "test_decoding");
                cursor.startReplication(StreamOptions.slot(SLOT)
                        .option("skip-empty-xacts", "1")
                        .receiverTimeout(Duration.ofSeconds(4)));
                // As long as the server answers it is not taken for dead.
                assertThat(cursor.readMessage(Duration.ofSeconds(6))).isNull();
                wire.toClient().stallAt(0);

                assertThatThrownBy(() -> cursor.readMessage(Duration.ofSeconds(60)))
                        .isInstanceOf(ConnectionLostException.class)
                        .rootCause()
                        .hasMessageContaining("has not sent anything for PT4S");
            }
            wire.close();
            drop(admin);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void aServerThatIsStoppedIsAnsweredAtOnceAndNamedAsTheCause(int version) {
        try (PostgresServer server = PostgresServer.builder()
                .version(version)
                // Without an answer it would wait for ever.
                .config("wal_sender_timeout", "0")
                .start()) {
            try (AdminSession admin = server.admin()) {
                admin.execute("create table stopped (id int)");
            }
            try (LogicalReplicationConnection db = LogicalReplicationConnection.connect(server.dsn("postgres"))) {
                ReplicationCursor cursor = db.cursor();
                cursor.createReplicationSlot(SLOT, "test_decoding");
                cursor.startReplication(StreamOptions.slot(SLOT).statusInterval(Duration.ofDays(1)));
                try (AdminSession admin = server.admin()) {
                    admin.execute("insert into stopped values (1)");
                }
                Lsn commit = ReplicationContract.readCommit(cursor);
                cursor.sendFeedback(commit);

                server.stop();

                PgException failure = (PgException) catchThrowable(() -> cursor.readMessage(Duration.ofSeconds(60)));
                assertThat(failure)
                        .isInstanceOf(ConnectionLostException.class)
                        .hasMessageContaining("is being shut down");
            }
        }
    }
}
