package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.FeatureNotSupportedException;
import dev.howdah.error.ServerException;
import dev.howdah.replication.PhysicalReplicationConnection;
import dev.howdah.replication.ReplicationCursor;
import dev.howdah.replication.ReplicationMessage;
import dev.howdah.replication.ReplicationType;
import dev.howdah.replication.SlotOptions;
import dev.howdah.replication.StandbyFeedback;
import dev.howdah.replication.StreamOptions;
import dev.howdah.replication.TimelineHistory;
import dev.howdah.replication.TimelineSwitch;
import dev.howdah.testkit.AdminSession;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.type.Lsn;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of the write-ahead log. Each test has a server of its own, for others write to that log, too. */
@Timeout(180)
class PhysicalReplicationIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SEGMENT = 16 * 1024 * 1024;

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void theLogComesByteByByteAndIsConfirmed(int version) {
        try (PostgresServer server = PostgresServer.start(version);
                AdminSession admin = server.admin();
                PhysicalReplicationConnection db = PhysicalReplicationConnection.connect(server.dsn("postgres"))) {
            ReplicationCursor cursor = db.cursor();
            assertThat(cursor.connectionType()).isEqualTo(ReplicationType.PHYSICAL);
            assertThat(cursor.identifySystem().database()).isNull();
            assertThatThrownBy(() -> db.query("select 1")).isInstanceOf(FeatureNotSupportedException.class);
            cursor.createReplicationSlot(
                    "physical", ReplicationType.PHYSICAL, null, SlotOptions.DEFAULT.reserveWal(true));
            Lsn kept = Lsn.parse(admin.value("select restart_lsn from pg_replication_slots"));
            Lsn begin = kept.segmentStart(SEGMENT);
            cursor.startReplication(StreamOptions.slot("physical").startLsn(begin));
            admin.execute("create table logged (t text); insert into logged values ('a word in the log')");
            Lsn end = Lsn.parse(admin.value("select pg_current_wal_flush_lsn()"));

            ByteArrayOutputStream log = new ByteArrayOutputStream();
            Lsn place = begin;
            while (end.isAfter(place)) {
                ReplicationMessage message = cursor.readMessage(PATIENCE);
                assertThat(message.dataStart()).isEqualTo(place);
                log.writeBytes(message.payload());
                place = place.plus(message.dataSize());
            }

            assertThat(log.toString(StandardCharsets.ISO_8859_1)).contains("a word in the log");
            Lsn stored = place;
            cursor.sendFeedback(stored, stored, null, false, true);
            cursor.stopReplication();
            assertThat(Lsn.parse(admin.value("select restart_lsn from pg_replication_slots")))
                    .isEqualTo(stored);
            // A physical stream can be begun again on the same connection.
            cursor.startReplication(StreamOptions.slot("physical").startLsn(stored));
            admin.execute("insert into logged values ('more')");
            assertThat(cursor.readMessage(PATIENCE).dataStart()).isEqualTo(stored);
            cursor.stopReplication();
            if (version >= 15) {
                // The slot itself says where.
                cursor.startReplication("physical");
                assertThat(cursor.readMessage(PATIENCE).dataStart()).isEqualTo(stored.segmentStart(SEGMENT));
                cursor.stopReplication();
            } else {
                assertThatThrownBy(() -> cursor.startReplication("physical"))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("give startLsn");
            }
            cursor.startReplication(StreamOptions.DEFAULT);
            assertThat(cursor.readMessage(PATIENCE).dataStart()).isEqualTo(end.segmentStart(SEGMENT));
            cursor.stopReplication();
            assertThat(cursor.walSegmentSize()).isEqualTo(SEGMENT);
            cursor.dropReplicationSlot("physical");
        }
    }

    @Test
    void aPlaceThatIsNotThereFailsTheStreamAndNotTheConnection() {
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST);
                PhysicalReplicationConnection db = PhysicalReplicationConnection.connect(server.dsn("postgres"))) {
            ReplicationCursor cursor = db.cursor();
            Lsn ahead = cursor.identifySystem().position().plus(1L << 40);

            // The server begins, and says so behind that: it depends on how these come whether the start fails or the
            // first read.
            assertThatThrownBy(() -> {
                        cursor.startReplication(StreamOptions.DEFAULT.startLsn(ahead));
                        cursor.readMessage(PATIENCE);
                    })
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("ahead of the WAL flush position");
            assertThat(cursor.show("wal_segment_size")).isEqualTo("16MB");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void whatAStandbyCanSeeIsHeldBackUntilItSaysSomethingElse(int version) {
        try (PostgresServer server = PostgresServer.start(version);
                AdminSession admin = server.admin();
                PhysicalReplicationConnection db = PhysicalReplicationConnection.connect(server.dsn("postgres"))) {
            ReplicationCursor cursor = db.cursor();
            cursor.createReplicationSlot(
                    "physical", ReplicationType.PHYSICAL, null, SlotOptions.DEFAULT.reserveWal(true));
            long xmin = Long.parseLong(admin.value("select pg_snapshot_xmin(pg_current_snapshot())"));
            Lsn begin = Lsn.parse(admin.value("select restart_lsn from pg_replication_slots"))
                    .segmentStart(SEGMENT);
            cursor.startReplication(StreamOptions.slot("physical").startLsn(begin));
            String held = "select concat_ws(',', xmin, catalog_xmin) from pg_replication_slots";

            cursor.sendStandbyFeedback(new StandbyFeedback(xmin, xmin - 1));
            Await.until("it is held", PATIENCE, () -> admin.value(held).equals(xmin + "," + (xmin - 1)));
            cursor.sendStandbyFeedback(StandbyFeedback.NONE);
            Await.until("it is not held", PATIENCE, () -> admin.value(held).isEmpty());
            cursor.stopReplication();

            // Without a slot it is the server process that holds it back.
            cursor.startReplication(StreamOptions.DEFAULT.startLsn(begin));
            cursor.sendStandbyFeedback(StandbyFeedback.xmin(xmin));
            Await.until(
                    "the process holds it",
                    PATIENCE,
                    () -> Long.toString(xmin).equals(admin.value("select backend_xmin from pg_stat_replication")));
            cursor.stopReplication();
            assertThatThrownBy(() -> cursor.sendStandbyFeedback(StandbyFeedback.NONE))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void anOldTimelineEndsWhereTheNextOneBegins(int version) {
        try (PostgresServer server = PostgresServer.start(version);
                PostgresServer standby = server.standby().start()) {
            Lsn begin;
            try (AdminSession admin = server.admin()) {
                begin = Lsn.parse(admin.value("select pg_current_wal_insert_lsn()"))
                        .segmentStart(SEGMENT);
                admin.execute("create table before_failover (id int)");
            }
            standby.awaitReplay(server.walPosition());
            standby.promote();
            try (PhysicalReplicationConnection db = PhysicalReplicationConnection.connect(standby.dsn("postgres"))) {
                ReplicationCursor cursor = db.cursor();
                assertThat(cursor.identifySystem().timeline()).isEqualTo(2);
                cursor.startReplication(StreamOptions.DEFAULT.startLsn(begin).timeline(1));

                Lsn place = begin;
                for (ReplicationMessage message : cursor.messages()) {
                    place = message.dataStart().plus(message.dataSize());
                }

                assertThat(cursor.isStreaming()).isFalse();
                assertThat(cursor.timelineSwitch()).isEqualTo(new TimelineSwitch(2, place));
                // From there on there is nothing to stream of it, and the server says at once which one follows.
                cursor.startReplication(StreamOptions.DEFAULT.startLsn(place).timeline(1));
                assertThat(cursor.isStreaming()).isFalse();
                assertThat(cursor.timelineSwitch()).isEqualTo(new TimelineSwitch(2, place));
                TimelineHistory history = cursor.timelineHistory(2);
                assertThat(history.fileName()).isEqualTo("00000002.history");
                assertThat(history.content()).startsWith("1\t" + place);
                cursor.startReplication(StreamOptions.DEFAULT
                        .startLsn(place.segmentStart(SEGMENT))
                        .timeline(2));
                assertThat(cursor.readMessage(PATIENCE)).isNotNull();
                cursor.stopReplication();
            }
        }
    }
}
