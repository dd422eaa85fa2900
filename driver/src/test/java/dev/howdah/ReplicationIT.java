package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.howdah.error.ServerException;
import dev.howdah.replication.ReplicationCursor;
import dev.howdah.replication.ReplicationMessage;
import dev.howdah.replication.ReplicationSlot;
import dev.howdah.replication.StopReplication;
import dev.howdah.replication.StreamOptions;
import dev.howdah.testkit.Await;
import dev.howdah.type.Lsn;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Logical streams on each face. */
class ReplicationIT extends ReplicationContract {

    @Test
    void changesCommittedAfterTheSlotWasMadeAreStreamed() {
        admin.execute("create table streamed (id int primary key, t text)");
        ReplicationCursor cursor = cursor();
        ReplicationSlot made = cursor.createReplicationSlot(slot, "test_decoding");
        assertThat(made.slotName()).isEqualTo(slot);
        assertThat(made.outputPlugin()).isEqualTo("test_decoding");
        assertThat(made.snapshotName()).isNotEmpty();
        assertThat(made.consistentPoint().isZero()).isFalse();

        Instant before = Instant.now().minusSeconds(60);
        cursor.startReplication(rowsOnly());
        assertThat(cursor.isStreaming()).isTrue();
        admin.execute("insert into streamed values (1, 'one'), (2, 'zwölf')");
        admin.execute("delete from streamed where id = 1");

        List<ReplicationMessage> messages = read(cursor, 4);
        assertThat(messages.stream().map(ReplicationMessage::text).toList())
                .satisfiesExactly(
                        begin -> assertThat(begin).startsWith("BEGIN "),
                        row -> assertThat(row).isEqualTo("table public.streamed: INSERT: id[integer]:1 t[text]:'one'"),
                        row -> assertThat(row)
                                .isEqualTo("table public.streamed: INSERT: id[integer]:2 t[text]:'zwölf'"),
                        end -> assertThat(end).startsWith("COMMIT "));
        ReplicationMessage first = messages.get(1);
        assertThat(first.payload()).isEqualTo(first.text().getBytes(StandardCharsets.UTF_8));
        assertThat(first.dataSize()).isEqualTo(first.payload().length);
        assertThat(first.cursor()).isSameAs(cursor);
        assertThat(first.sendTime()).isAfter(before);
        assertThat(messages.get(3).dataStart().isAfter(first.dataStart())).isTrue();
        assertThat(texts(cursor, 3)).containsExactly("BEGIN", "table public.streamed: DELETE: id[integer]:1", "COMMIT");
        assertThat(cursor.messageCount()).isEqualTo(7);
        assertThat(cursor.walEnd().isAfter(first.dataStart())).isTrue();
        assertThat(cursor.ioTimestamp()).isAfter(before);
        assertThat(cursor.feedbackTimestamp()).isAfter(before);

        cursor.stopReplication();
        assertThat(cursor.isStreaming()).isFalse();
        cursor.dropReplicationSlot(slot);
        assertThat(admin.value("select count(*) from pg_replication_slots where slot_name = '" + slot + "'"))
                .isEqualTo("0");
    }

    @Test
    void whatIsConfirmedDoesNotComeAgainAndTheRestDoes() {
        admin.execute("create table confirmed (id int)");
        ReplicationCursor cursor = streaming();
        admin.execute("insert into confirmed values (1)");
        admin.execute("insert into confirmed values (2)");
        Lsn first = readCommit(cursor);
        readCommit(cursor);

        cursor.sendFeedback(first);
        awaitConfirmed(cursor, first);
        cursor.stopReplication();

        ReplicationCursor again = connect("").cursor(ReplicationCursor::new);
        again.startReplication(rowsOnly().startLsn(null));
        assertThat(texts(again, 3)).containsExactly("BEGIN", "table public.confirmed: INSERT: id[integer]:2", "COMMIT");
        again.close();
    }

    @Test
    void feedbackThatIsForcedIsThereAtOnce() {
        admin.execute("create table forced (id int)");
        ReplicationCursor cursor = streaming();
        admin.execute("insert into forced values (1)");
        Lsn commit = readCommit(cursor);

        Instant told = cursor.feedbackTimestamp();
        cursor.sendFeedback(commit, commit, commit, true, true);

        awaitConfirmed(cursor, commit);
        assertThat(cursor.feedbackTimestamp()).isAfter(told);
        cursor.stopReplication();
    }

    @Test
    void aConsumerThatStopsLeavesAConnectionThatCanBeUsed() {
        admin.execute("create table consumed (id int)");
        ReplicationCursor cursor = streaming();
        admin.execute("insert into consumed select generate_series(1, 10)");

        List<String> seen = new ArrayList<>();
        cursor.consumeStream(message -> {
            seen.add(message.text());
            message.cursor().sendFeedback(message.dataStart());
            if (seen.size() == 5) {
                throw new StopReplication("enough");
            }
        });

        assertThat(seen).hasSize(5);
        assertThat(cursor.isStreaming()).isFalse();
        assertThat(db.queryValue("select 6 * 7", Integer.class)).isEqualTo(42);
        cursor.dropReplicationSlot(slot);
    }

    @Test
    void whatAConsumerThrowsIsPassedOnAndTheStreamGoesOn() {
        admin.execute("create table thrown (id int)");
        ReplicationCursor cursor = streaming();
        admin.execute("insert into thrown values (1)");

        assertThatThrownBy(() -> cursor.consumeStream(message -> {
                    throw new IllegalArgumentException("no");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no");

        assertThat(texts(cursor, 2)).containsExactly("table public.thrown: INSERT: id[integer]:1", "COMMIT");
        cursor.stopReplication();
    }

    @Test
    void messagesCanBeIteratedOver() {
        admin.execute("create table iterated (id int)");
        ReplicationCursor cursor = streaming(rowsOnly().decode(true));
        admin.execute("insert into iterated values (1)");

        List<String> seen = new ArrayList<>();
        for (ReplicationMessage message : cursor.messages()) {
            seen.add(message.toString());
            if (message.text().startsWith("COMMIT")) {
                break;
            }
        }

        assertThat(seen).hasSize(3).anyMatch(text -> text.contains("INSERT: id[integer]:1"));
        cursor.close();
        assertThat(cursor.isStreaming()).isFalse();
    }

    @Test
    void readingWithoutWaitingGivesNullUntilSomethingComes() {
        admin.execute("create table polled (id int)");
        ReplicationCursor cursor = streaming();

        assertThat(cursor.readMessage()).isNull();
        assertThat(cursor.readReplicationMessage()).isNull();
        assertThat(cursor.readMessage(Duration.ofMillis(20))).isNull();
        admin.execute("insert into polled values (1)");
        ReplicationMessage[] found = new ReplicationMessage[1];
        Await.until("something has come", Duration.ofSeconds(PATIENCE_SECONDS), () -> {
            found[0] = cursor.readMessage();
            return found[0] != null;
        });

        assertThat(found[0].text()).startsWith("BEGIN");
        assertThat(cursor.channel().isOpen()).isTrue();
        cursor.stopReplication();
    }

    @Test
    void aStreamHasItsConnectionForItself() {
        ReplicationCursor cursor = streaming();

        assertThatThrownBy(() -> db.execute("select 1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("replication stream is open");
        assertThatThrownBy(() -> cursor.startReplication(slot))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("stop it first");
        cursor.stopReplication();
        assertThatThrownBy(cursor::readMessage)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("it was stopped");
        assertThatThrownBy(() -> cursor.startReplication(slot))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("new connection");
    }

    @Test
    void aSlotThatIsMissingIsRefusedAndTheConnectionGoesOn() {
        ReplicationCursor cursor = cursor();

        assertThat(catchThrowableOfType(ServerException.class, () -> cursor.startReplication(slot))
                        .sqlState()
                        .code())
                .isEqualTo("42704");
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        cursor.createReplicationSlot(slot, "test_decoding");
        cursor.startReplication(slot);
        cursor.stopReplication();
    }

    @Test
    void aSlotThatSomebodyUsesIsRefusedWithAdvice() {
        ReplicationCursor other = connect("").cursor(ReplicationCursor::new);
        other.createReplicationSlot(slot, "test_decoding");
        other.startReplication(slot);
        ReplicationCursor cursor = cursor();

        ServerException refused = catchThrowableOfType(ServerException.class, () -> cursor.startReplication(slot));

        assertThat(refused.sqlState().code()).isEqualTo("55006");
        assertThat(refused).hasMessageContaining("active_pid");
        assertThat(catchThrowableOfType(ServerException.class, () -> cursor.dropReplicationSlot(slot))
                        .sqlState()
                        .code())
                .isEqualTo("55006");
        other.stopReplication();
    }

    @Test
    void aPluginsErrorComesOutWhenTheStreamIsRead() {
        ReplicationCursor cursor = cursor();
        cursor.createReplicationSlot(slot, "test_decoding");

        ServerException refused = catchThrowableOfType(
                ServerException.class,
                () -> cursor.startReplication(StreamOptions.slot(slot).option("no such \"option\" '", "it's \\ odd")));

        assertThat(refused.sqlState().code()).isEqualTo("22023");
        assertThat(refused).hasMessageContaining("no such");
    }

    @Test
    void aWrongPublicationFailsTheStreamAndNotTheConnection() {
        admin.execute("create table unpublished (id int)");
        ReplicationCursor cursor = cursor();
        cursor.createReplicationSlot(slot, "pgoutput");
        cursor.startReplication(
                StreamOptions.slot(slot).option("proto_version", "1").option("publication_names", "\"no such\""));
        admin.execute("insert into unpublished values (1)");
        if (place.server().version() >= 18) {
            Await.until("the server has remarked on it", Duration.ofSeconds(PATIENCE_SECONDS), () -> {
                assertThat(cursor.readMessage()).isNull();
                return db.notices().stream()
                        .anyMatch(notice -> notice.toString().contains("no such"));
            });
        } else {
            // Old servers send the beginning of a transaction before they know whether anything of it is to be sent.
            ServerException failed = catchThrowableOfType(ServerException.class, () -> read(cursor, 10));
            assertThat(failed.sqlState().code()).isEqualTo("42704");
            assertThatThrownBy(cursor::readMessage)
                    .isInstanceOf(IllegalStateException.class)
                    .hasCause(failed);
        }
        cursor.stopReplication();
    }

    @Test
    void bytesAreNoText() {
        admin.execute("create table bytes_only (id int); create publication bytes_only for table bytes_only");
        ReplicationCursor cursor = cursor();
        cursor.createReplicationSlot(slot, "pgoutput");
        cursor.startReplication(
                StreamOptions.slot(slot).option("proto_version", "1").option("publication_names", "bytes_only"));
        admin.execute("insert into bytes_only values (1)");

        ReplicationMessage begin = read(cursor, 1).getFirst();

        assertThat(begin.payload()[0]).isEqualTo((byte) 'B');
        List<ReplicationMessage> rest = read(cursor, 3);
        assertThat(rest.stream().map(message -> (char) message.payload()[0]).toList())
                .containsExactly('R', 'I', 'C');
        assertThat(rest.getFirst().dataStart()).isEqualTo(Lsn.ZERO);
        cursor.stopReplication();
    }
}
