package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.event.QueryEvent;
import dev.howdah.replication.ReplicationCursor;
import dev.howdah.replication.ReplicationMessage;
import dev.howdah.replication.StreamOptions;
import dev.howdah.testkit.Await;
import dev.howdah.type.Lsn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What keeps a stream alive, and what ends it. */
class ReplicationLifeIT extends ReplicationContract {

    private static final Duration PATIENCE = Duration.ofSeconds(PATIENCE_SECONDS);

    /** A server that ends a stream of which it hears nothing for so long; not where the stream has no thread of its own. */
    private ReplicationCursor impatient(int millis) {
        return connect("options='-c wal_sender_timeout=" + millis + "'").cursor(ReplicationCursor::new);
    }

    private String active() {
        return admin.value("select active from pg_replication_slots where slot_name = '" + slot + "'");
    }

    @Test
    void aConsumerThatIsBusyForLongerThanTheServersPatienceKeepsItsStream() {
        assumeFalse(place.face() == Place.Face.POLLING, "a polling connection does nothing by itself");
        admin.execute("create table busy (id int)");
        ReplicationCursor cursor = impatient(2_500);
        cursor.createReplicationSlot(slot, "test_decoding");
        cursor.startReplication(rowsOnly().statusInterval(Duration.ofSeconds(1)).bufferSize(1024));
        admin.execute("insert into busy select generate_series(1, 2000)");
        assertThat(texts(cursor, 1)).containsExactly("BEGIN");

        // Nothing is read meanwhile, and the buffer is full.
        long begun = System.nanoTime();
        Await.until("twice the server's patience", PATIENCE, () -> System.nanoTime() - begun > 5_000_000_000L);

        assertThat(active()).isEqualTo("t");
        assertThat(texts(cursor, 2001)).endsWith("COMMIT");
        cursor.stopReplication();
    }

    @Test
    void moreThanTheBufferHoldsIsLeftToTheServer() {
        admin.execute("create table pressed (id int, t text)");
        ReplicationCursor cursor = streaming(rowsOnly().bufferSize(1024));
        admin.execute("insert into pressed select i, repeat('x', 1000) from generate_series(1, 20000) i");
        assertThat(texts(cursor, 1)).containsExactly("BEGIN");

        Await.until(
                "the server waits until more is taken",
                PATIENCE,
                () -> "WalSenderWriteData"
                        .equals(admin.value("select wait_event from pg_stat_activity where pid ="
                                + " (select active_pid from pg_replication_slots where slot_name = '" + slot + "')")));

        assertThat(texts(cursor, 20_001)).endsWith("COMMIT");
        cursor.stopReplication();
    }

    @Test
    void aStreamIsStoppedInTheMiddleOfALargeTransaction() {
        admin.execute("create table large (id int, t text)");
        ReplicationCursor cursor = streaming();
        admin.execute("insert into large select i, repeat('x', 200) from generate_series(1, 200000) i");
        assertThat(texts(cursor, 10)).hasSize(10);

        cursor.stopReplication();

        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        cursor.dropReplicationSlot(slot);
    }

    @Test
    void aConnectionIsClosedInTheMiddleOfALargeTransactionAndFreesItsSlot() {
        admin.execute("create table closed (id int, t text)");
        PgConnection other = connect("");
        ReplicationCursor cursor = other.cursor(ReplicationCursor::new);
        cursor.createReplicationSlot(slot, "test_decoding");
        cursor.startReplication(rowsOnly());
        admin.execute("insert into closed select i, repeat('x', 200) from generate_series(1, 200000) i");
        assertThat(texts(cursor, 10)).hasSize(10);

        other.close();

        expectLost(other);
        AwaitSlots.free(admin, slot);
        assertThatThrownBy(cursor::readMessage)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void whatWasConfirmedLastIsToldBeforeTheConnectionIsClosed() {
        admin.execute("create table parting (id int)");
        PgConnection other = connect("");
        ReplicationCursor cursor = other.cursor(ReplicationCursor::new);
        cursor.createReplicationSlot(slot, "test_decoding");
        cursor.startReplication(rowsOnly().idleAdvance(false));
        admin.execute("insert into parting values (1)");
        Lsn commit = readCommit(cursor);
        cursor.sendFeedback(commit);

        other.close();

        expectLost(other);
        AwaitSlots.free(admin, slot);
        assertThat(confirmed()).isEqualTo(commit);
    }

    @Test
    void aQuietSlotAdvancesWhileOtherTablesChange() {
        admin.execute(
                "create table quiet (id int); create table loud (id int); create publication quiet for table quiet");
        ReplicationCursor cursor = cursor();
        cursor.createReplicationSlot(slot, "pgoutput");
        cursor.startReplication(
                StreamOptions.slot(slot).option("proto_version", "1").option("publication_names", "quiet"));
        admin.execute("insert into loud select generate_series(1, 100)");
        Lsn now = currentLsn();

        Await.until("the slot has advanced", PATIENCE, () -> {
            admin.execute("insert into loud values (1)");
            ReplicationMessage message = cursor.readMessage();
            if (message != null) {
                // Old servers send transactions that have nothing in them.
                cursor.sendFeedback(message.dataStart());
            }
            return confirmed().isAfter(now);
        });
        assertThat(cursor.confirmed().isAfter(now)).isTrue();
        cursor.stopReplication();
    }

    @Test
    void nothingAdvancesPastWhatWasReadAndNotConfirmed() {
        admin.execute("create table unconfirmed (id int)");
        ReplicationCursor cursor = streaming();
        admin.execute("insert into unconfirmed values (1)");
        Lsn commit = readCommit(cursor);
        admin.execute("create table unconfirmed_further (id int)");
        Lsn beyond = currentLsn();
        Await.until("a keepalive has come from beyond", PATIENCE, () -> {
            cursor.readMessage(Duration.ofMillis(10));
            cursor.sendFeedback(null, null, null, true, true);
            return cursor.walEnd().isAfter(commit) && cursor.walEnd().compareTo(beyond) >= 0;
        });

        assertThat(commit.isAfter(cursor.confirmed())).isTrue();
        assertThat(commit.isAfter(confirmed())).isTrue();
        cursor.stopReplication();
    }

    @Test
    void aPlaceThatTheServerHasNotToldOfIsNotConfirmed() {
        admin.execute("create table beyond (id int)");
        ReplicationCursor cursor = streaming();
        admin.execute("insert into beyond values (1)");
        readCommit(cursor);

        cursor.sendFeedback(Lsn.MAX, Lsn.MAX, Lsn.MAX, true, true);
        admin.execute("insert into beyond values (2)");

        assertThat(texts(cursor, 3)).containsExactly("BEGIN", "table public.beyond: INSERT: id[integer]:2", "COMMIT");
        assertThat(confirmed().isAfter(currentLsn())).isFalse();
        cursor.stopReplication();
    }

    @Test
    void aCancelEndsTheStreamAndNotTheConnection() {
        ReplicationCursor cursor = streaming();

        assertThat(db.cancel()).isTrue();

        assertThatThrownBy(() -> cursor.readMessage(PATIENCE)).isInstanceOf(QueryCanceledException.class);
        assertThat(cursor.isStreaming()).isFalse();
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @Test
    void anEndThatIsHeardInPassingLeavesTheConnectionIdle() {
        ReplicationCursor cursor = streaming();
        admin.execute("select pg_cancel_backend(" + db.info().backendPid() + ")");

        Await.until("the stream is cancelled", PATIENCE, () -> {
            try {
                cursor.readMessage();
                return false;
            } catch (QueryCanceledException e) {
                return true;
            }
        });

        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
        assertThat(db.cancel()).isFalse();
    }

    @Test
    void aServerProcessThatIsEndedSaysWhy() {
        PgConnection other = connect("");
        ReplicationCursor cursor = other.cursor(ReplicationCursor::new);
        cursor.createReplicationSlot(slot, "test_decoding");
        cursor.startReplication(slot);
        admin.execute(
                "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = '" + slot + "'");

        ConnectionLostException failed =
                catchThrowableOfType(ConnectionLostException.class, () -> cursor.readMessage(PATIENCE));

        assertThat(failed).hasMessageContaining("terminating connection due to administrator command");
        assertThat(cursor.isStreaming()).isFalse();
        expectLost(other);
    }

    @Test
    void anInterruptEndsTheWaitAndNotTheStream() throws Exception {
        admin.execute("create table interrupted (id int)");
        ReplicationCursor cursor = streaming();

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> cursor.readMessage(PATIENCE)).isInstanceOf(InterruptedWaitException.class);
        assertThat(Thread.interrupted()).isTrue();

        admin.execute("insert into interrupted values (1)");
        assertThat(texts(cursor, 3)).hasSize(3);
        cursor.stopReplication();
    }

    @Test
    void anotherThreadMayConfirmAndStop() throws Exception {
        assumeFalse(place.face() == Place.Face.POLLING, "a polling connection does nothing by itself");
        admin.execute("create table elsewhere (id int)");
        ReplicationCursor cursor = streaming();
        List<ReplicationMessage> seen = new CopyOnWriteArrayList<>();
        admin.execute("insert into elsewhere values (1)");
        Future<?> other = elsewhere(() -> {
            Await.until("the commit has come", PATIENCE, () -> seen.size() == 3);
            Lsn commit = seen.get(2).dataStart();
            cursor.sendFeedback(null, commit, null, false, true);
            Await.until("it is confirmed", PATIENCE, () -> {
                Lsn confirmed = confirmed();
                return confirmed.compareTo(commit) >= 0;
            });
            cursor.stopReplication();
            return null;
        });

        cursor.consumeStream(seen::add);

        result(other);
        assertThat(seen).hasSize(3);
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @Test
    void whatWasNotReadIsDroppedByAStopAndComesAgain() {
        admin.execute("create table dropped_unread (id int)");
        ReplicationCursor cursor = streaming();
        admin.execute("insert into dropped_unread select generate_series(1, 100)");
        Iterator<ReplicationMessage> messages = cursor.messages().iterator();
        for (int i = 0; i < 3; i++) {
            assertThat(messages.next().text()).isNotEmpty();
        }
        Await.until("all is here", PATIENCE, () -> {
            cursor.channel();
            return "0"
                    .equals(admin.value(
                            "select pg_wal_lsn_diff(sent_lsn, pg_current_wal_lsn()) from pg_stat_replication"
                                    + " join pg_replication_slots on active_pid = pid where slot_name = '" + slot
                                    + "'"));
        });

        cursor.stopReplication();

        assertThat(messages.hasNext()).isFalse();
        ReplicationCursor again = connect("").cursor(ReplicationCursor::new);
        again.startReplication(rowsOnly());
        assertThat(texts(again, 102)).endsWith("COMMIT");
        again.stopReplication();
    }

    @Test
    void aConnectionGivesOneLogicalStreamWhicheverCursorAsks() {
        streaming().stopReplication();

        assertThatThrownBy(() -> cursor().startReplication(slot))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("make a new connection");
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @Test
    void queryLoggersHearOfTheStreamWhenItHasEnded() {
        admin.execute("create table logged_stream (id int)");
        ReplicationCursor cursor = cursor();
        cursor.createReplicationSlot(slot, "test_decoding");
        List<QueryEvent> events = new ArrayList<>();
        db.addQueryLogger(events::add);
        cursor.startReplication(rowsOnly());
        admin.execute("insert into logged_stream values (1)");
        readCommit(cursor);
        cursor.stopReplication();

        assertThat(events)
                .filteredOn(event -> event.kind() == QueryEvent.Kind.REPLICATION)
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.sql()).contains("START_REPLICATION SLOT \"" + slot + "\" LOGICAL 0/0");
                    assertThat(event.rows()).isEqualTo(3);
                });
    }
}
