package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.ServerException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flight recorder is told of queries, connections and notifications, and of no secret. */
class JfrEventsIT extends DriverContract {

    @Override
    boolean hearsWhileIdle() {
        return true;
    }

    private static final String QUERY = "dev.howdah.Query";
    private static final String CONNECT = "dev.howdah.Connect";
    private static final String NOTIFICATION = "dev.howdah.Notification";

    @TempDir
    private Path folder;

    /** What is run while a recording goes on. */
    private interface Work {
        void run() throws Exception;
    }

    /** Runs something and returns what was recorded of a kind. */
    private List<RecordedEvent> recorded(String event, Work work) throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable(event).withThreshold(Duration.ZERO);
            recording.start();
            work.run();
            recording.stop();
            return read(recording, event);
        }
    }

    private List<RecordedEvent> read(Recording recording, String event) throws IOException {
        Path file = folder.resolve("recorded.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(one -> one.getEventType().getName().equals(event))
                .toList();
    }

    /** Other tests of this JVM may run queries, too. */
    private static List<RecordedEvent> mine(List<RecordedEvent> all, String part) {
        return all.stream().filter(one -> one.getString("sql").contains(part)).toList();
    }

    @Test
    void aQueryIsRecordedWithoutItsValues() throws Exception {
        List<RecordedEvent> events = mine(
                recorded(QUERY, () -> {
                    db.query("select /* flight a */ $1::text from generate_series(1, 3)", "private");
                    thrown(ServerException.class, () -> db.query("select /* flight a */ 1 / $1::int", 0));
                }),
                "flight a");
        assertThat(events).hasSize(2);
        RecordedEvent first = events.getFirst();
        assertThat(first.getString("kind")).isEqualTo("QUERY");
        assertThat(first.getString("sql")).isEqualTo("select /* flight a */ $1::text from generate_series(1, 3)");
        assertThat(first.getLong("rows")).isEqualTo(3);
        assertThat(first.getString("exception")).isNull();
        assertThat(first.getDuration()).isPositive();
        assertThat(first.toString()).doesNotContain("private");
        assertThat(events.get(1).getString("sqlState")).isEqualTo("22012");
        assertThat(events.get(1).getString("exception")).startsWith("dev.howdah.error.");
    }

    @Test
    void aBatchIsRecordedOnce() throws Exception {
        List<RecordedEvent> events = mine(
                recorded(QUERY, () -> db.executeMany("select /* flight b */ $1::int", List.of(List.of(1), List.of(2)))),
                "flight b");
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().getInt("sets")).isEqualTo(2);
    }

    @Test
    void passwordsInTextAreHidden() throws Exception {
        List<RecordedEvent> events = mine(
                recorded(
                        QUERY,
                        () -> thrown(
                                ServerException.class,
                                () -> db.execute("alter role nobody_of_this_name password 'S3cret' /* flight c */"))),
                "flight c");
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().toString()).contains("alter role").doesNotContain("S3cret");
    }

    @Test
    void whatIsFasterThanTheThresholdIsNotRecorded() throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable(QUERY).withThreshold(Duration.ofHours(1));
            recording.start();
            db.query("select /* flight d */ 1");
            recording.stop();
            assertThat(mine(read(recording, QUERY), "flight d")).isEmpty();
        }
    }

    @Test
    void aConnectionIsRecorded() throws Exception {
        int[] pid = new int[1];
        List<RecordedEvent> events =
                recorded(CONNECT, () -> pid[0] = connect().info().backendPid());
        RecordedEvent event = events.stream()
                .filter(one -> one.getInt("backendPid") == pid[0])
                .findFirst()
                .orElseThrow();
        assertThat(event.getString("database")).isEqualTo(db.info().dbname());
        assertThat(event.getString("user")).isEqualTo(db.info().user());
        assertThat(event.getString("host")).isEqualTo(db.info().host());
        assertThat(event.getString("exception")).isNull();
    }

    @Test
    void aFailureToConnectIsRecorded() throws Exception {
        List<RecordedEvent> events = recorded(
                CONNECT,
                () -> thrown(
                        dev.howdah.error.ConnectFailedException.class,
                        () -> connect("dbname=no_such_database_anywhere")));
        RecordedEvent event = events.stream()
                .filter(one -> "no_such_database_anywhere".equals(one.getString("database")))
                .findFirst()
                .orElseThrow();
        assertThat(event.getString("exception")).isEqualTo("dev.howdah.error.ConnectFailedException");
    }

    @Test
    void aNotificationIsRecordedWithoutItsPayload() throws Exception {
        List<RecordedEvent> events = recorded(NOTIFICATION, () -> {
            db.execute("listen flight_e");
            db.execute("notify flight_e, 'private'");
            db.execute("unlisten flight_e");
        });
        assertThat(events).hasSize(1);
        RecordedEvent event = events.getFirst();
        assertThat(event.getString("channel")).isEqualTo("flight_e");
        assertThat(event.getInt("payloadLength")).isEqualTo(7);
        assertThat(event.getInt("senderPid")).isEqualTo(db.info().backendPid());
        assertThat(event.toString()).doesNotContain("private");
    }
}
