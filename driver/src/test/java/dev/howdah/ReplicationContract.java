package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.replication.ReplicationCursor;
import dev.howdah.replication.ReplicationMessage;
import dev.howdah.replication.StreamOptions;
import dev.howdah.testkit.AdminSession;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.Roles;
import dev.howdah.type.Lsn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What tests of replication have: a connection to a server process that replicates, another for SQL, and the name of a slot. */
@Timeout(120)
abstract class ReplicationContract extends DriverContract {

    private static final AtomicInteger SLOTS = new AtomicInteger();

    /** Nobody else has it; what is left of it is dropped. */
    final String slot = "howdah_it_" + ProcessHandle.current().pid() + "_" + SLOTS.incrementAndGet();

    AdminSession admin;

    @BeforeEach
    final void openAdmin() {
        admin = database().admin();
        admin.execute("set application_name = 'replication tests'");
    }

    @AfterEach
    final void dropSlot() {
        admin.execute("select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name like '" + slot
                + "%' and active");
        AwaitSlots.free(admin, slot);
        admin.execute("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name like '"
                + slot + "%'");
        admin.close();
    }

    @Override
    String dsn() {
        return place.dsn(database(), Roles.REPLICATION) + " replication=database";
    }

    final ReplicationCursor cursor() {
        return db.cursor(ReplicationCursor::new);
    }

    /**
     * Returns the options for a stream of test_decoding that has what changes rows and nothing else: a server analyses tables in
     * transactions of its own, and nobody can tell when.
     */
    final StreamOptions rowsOnly() {
        return StreamOptions.slot(slot).option("skip-empty-xacts", "1");
    }

    /** Makes the slot, of test_decoding, and streams from it. */
    final ReplicationCursor streaming(StreamOptions options) {
        ReplicationCursor cursor = cursor();
        cursor.createReplicationSlot(slot, "test_decoding");
        cursor.startReplication(options);
        return cursor;
    }

    final ReplicationCursor streaming() {
        return streaming(rowsOnly());
    }

    /** The texts of the next messages, as many as asked for. */
    static List<String> texts(ReplicationCursor cursor, int count) {
        List<String> texts = new ArrayList<>();
        for (ReplicationMessage message : read(cursor, count)) {
            texts.add(message.text().replaceAll("^(BEGIN|COMMIT) \\d+", "$1"));
        }
        return texts;
    }

    static List<ReplicationMessage> read(ReplicationCursor cursor, int count) {
        List<ReplicationMessage> messages = new ArrayList<>();
        while (messages.size() < count) {
            messages.add(Objects.requireNonNull(
                    cursor.readMessage(Duration.ofSeconds(PATIENCE_SECONDS)), "a message that must come"));
        }
        return messages;
    }

    /** Reads up to the end of a transaction and returns the place to confirm. */
    static Lsn readCommit(ReplicationCursor cursor) {
        ReplicationMessage message = read(cursor, 1).getFirst();
        while (!message.text().startsWith("COMMIT")) {
            message = read(cursor, 1).getFirst();
        }
        return message.dataStart();
    }

    final Lsn confirmed() {
        return Lsn.parse(Objects.requireNonNull(
                admin.value("select confirmed_flush_lsn from pg_replication_slots where slot_name = '" + slot + "'")));
    }

    /** Waits until the server has a place as confirmed; reads meanwhile, for a polling connection does nothing by itself. */
    final void awaitConfirmed(ReplicationCursor cursor, Lsn place) {
        Await.until("the server knows that " + place + " is confirmed", Duration.ofSeconds(PATIENCE_SECONDS), () -> {
            assertThat(cursor.readMessage()).isNull();
            return confirmed().compareTo(place) >= 0;
        });
    }

    final Lsn currentLsn() {
        return Lsn.parse(Objects.requireNonNull(admin.value("select pg_current_wal_insert_lsn()")));
    }
}
