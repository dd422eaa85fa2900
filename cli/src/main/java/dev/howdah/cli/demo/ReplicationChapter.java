package dev.howdah.cli.demo;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.cli.Timing;
import dev.howdah.replication.Change;
import dev.howdah.replication.ChangeSink;
import dev.howdah.replication.ChangedRow;
import dev.howdah.replication.Follower;
import dev.howdah.replication.FollowerEvent;
import dev.howdah.replication.FollowerOptions;
import dev.howdah.replication.ReplicatedTransaction;
import dev.howdah.replication.ReplicationMonitor;
import dev.howdah.replication.SlotOptions;
import dev.howdah.replication.SlotState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Changes as they are committed: first the rows that are there, then what is typed; a lost connection; lag. */
final class ReplicationChapter implements Chapter {

    private static final String NAME = "demo_replication";
    private static final int PATIENCE_SECONDS = 60;
    private static final int FIRST_MANY = 1_000;
    private static final int MANY = 300;
    private static final int WIDE = 20;
    private static final int WIDTH = 20_000;

    /**
     * A row of the table.
     *
     * @param id the key
     * @param status what may change
     */
    record Parcel(int id, String status) {}

    /** What came, in words and with the time. */
    private record Come(String text, long at) {}

    /** Hands over what it is brought, and waits where it is told to. */
    private static final class Sink implements ChangeSink {
        private final BlockingQueue<Come> come = new LinkedBlockingQueue<>();
        private final BlockingQueue<FollowerEvent> events = new LinkedBlockingQueue<>();
        private final Semaphore turn = new Semaphore(1);

        @Override
        public void snapshotRow(ChangedRow row) {
            come.add(new Come("there " + row.as(Parcel.class), System.nanoTime()));
        }

        @Override
        public void transaction(ReplicatedTransaction transaction) throws InterruptedException {
            turn.acquire();
            try {
                // All of it first: a transaction that is cut off comes again as a whole.
                for (Change change : transaction.toList()) {
                    String text = text(change);
                    if (text != null) {
                        come.add(new Come(text, System.nanoTime()));
                    }
                }
                transaction.acknowledge();
            } finally {
                turn.release();
            }
        }

        private static @Nullable String text(Change change) {
            return switch (change) {
                case Change.Insert insert -> "insert " + insert.newRow().as(Parcel.class);
                case Change.Update update -> "update " + update.newRow().as(Parcel.class);
                case Change.Delete delete -> "delete " + delete.oldRow().getInt("id");
                case Change.Truncate truncate -> "truncate";
                case Change.LogicalMessage message -> "message " + message.text();
                case Change.RelationChanged told -> null;
            };
        }

        @Override
        public void event(FollowerEvent event) {
            events.add(event);
        }
    }

    @Override
    public String name() {
        return "replication";
    }

    @Override
    public String summary() {
        return "every change as it is committed, over a lost connection, and how far behind one is";
    }

    @Override
    public void tell(Stage stage) throws InterruptedException {
        // Whoever makes publications and slots has more rights than others.
        String dsn = stage.server().database().dsn();
        stage.narrator().code("""
                        Follower.start(conninfo, FollowerOptions.of("demo_replication", "demo_replication")
                                .createPublication("demo_parcel").createSlot(SlotOptions.DEFAULT).snapshot(1), sink)""");
        FollowerOptions options = FollowerOptions.of(NAME, NAME)
                .createPublication("demo_parcel")
                .createSlot(SlotOptions.DEFAULT)
                .snapshot(1)
                .pauses(Duration.ofMillis(20), Duration.ofMillis(500));
        try (PgConnection db = Howdah.connect(dsn)) {
            remove(db);
            db.script("create table demo_parcel (id int primary key, status text);"
                    + " insert into demo_parcel values (1, 'packed'), (2, 'packed')");
            Sink sink = new Sink();
            try {
                try (Follower follower = Follower.start(dsn, options, sink)) {
                    begins(stage, sink);
                    typed(stage, db, sink);
                    killed(stage, db, sink, follower);
                    lag(stage, db, sink);
                }
            } finally {
                remove(db);
            }
        }
    }

    private static void remove(PgConnection db) throws InterruptedException {
        long start = System.nanoTime();
        while (db.queryOne(
                "select exists (select from pg_replication_slots where slot_name = $1 and active)",
                Boolean.class,
                NAME)) {
            requireInTime(start, "the slot is still used");
            Thread.sleep(10);
        }
        db.query("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1", NAME);
        db.script("drop publication if exists demo_replication; drop table if exists demo_parcel");
    }

    private static void begins(Stage stage, Sink sink) throws InterruptedException {
        for (int id = 1; id <= 2; id++) {
            Come row = next(sink.come, "a row that was there");
            stage.narrator().got("a row", row.text());
            stage.expectEqual("there Parcel[id=" + id + ", status=packed]", row.text(), "the row");
        }
        awaitStream(sink);
        stage.expect(sink.come.isEmpty(), "first the rows that were there, each as a record");
    }

    private static void typed(Stage stage, PgConnection db, Sink sink) throws InterruptedException {
        stage.narrator()
                .say("somebody types; each line is the change as it came, and how long after the commit was sent:");
        change(stage, db, sink, "insert into demo_parcel values (3, 'new')", "insert Parcel[id=3, status=new]");
        change(
                stage,
                db,
                sink,
                "update demo_parcel set status = 'sent' where id = 1",
                "update Parcel[id=1, status=sent]");
        change(stage, db, sink, "delete from demo_parcel where id = 2", "delete 2");
        change(
                stage,
                db,
                sink,
                "begin; insert into demo_parcel values (4, 'lost'); rollback; insert into demo_parcel values (5, 'new')",
                "insert Parcel[id=5, status=new]");
        stage.expect(sink.come.isEmpty(), "each came once, and nothing of what was rolled back");
    }

    private static void change(Stage stage, PgConnection db, Sink sink, String sql, String expected)
            throws InterruptedException {
        stage.narrator().code(sql);
        long start = System.nanoTime();
        db.script(sql);
        Come one = next(sink.come, "the change");
        stage.narrator().got(Timing.text(one.at() - start), one.text());
        stage.expectEqual(expected, one.text(), "the change");
    }

    private static void killed(Stage stage, PgConnection db, Sink sink, Follower follower) throws InterruptedException {
        stage.narrator()
                .say(MANY + " transactions, and in the middle of them the server's process that sends them is killed:");
        sink.events.clear();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            db.query("insert into demo_parcel values ($1, 'many')", FIRST_MANY + i);
            expected.add("insert Parcel[id=" + (FIRST_MANY + i) + ", status=many]");
            if (i == MANY / 2) {
                db.query(
                        "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = $1", NAME);
            }
        }
        List<String> came = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            came.add(next(sink.come, "change " + i).text());
        }
        FollowerEvent event = next(sink.events, "the loss");
        if (!(event instanceof FollowerEvent.Interrupted lost)) {
            throw new UnmetException("expected the loss of the connection, got " + event);
        }
        stage.narrator().got("lost", String.valueOf(lost.cause().getMessage()));
        awaitStream(sink);
        stage.narrator().got("streams", follower.status().streams() + " so far");
        stage.expectEqual(expected, came, "what came");
        stage.expect(sink.come.isEmpty(), "it connected again; all " + MANY + " came in order, none lost, none twice");
    }

    private static void lag(Stage stage, PgConnection db, Sink sink) throws InterruptedException {
        stage.narrator().code("new ReplicationMonitor(db).slots()      // the sink takes its time meanwhile");
        sink.turn.acquire();
        try {
            db.script(IntStream.range(0, WIDE)
                    .mapToObj(i -> "insert into demo_parcel values (" + -i + ", repeat('x', " + WIDTH + "))")
                    .reduce((one, other) -> one + ";" + other)
                    .orElseThrow());
            // Values that compress well need little log.
            db.query("select pg_logical_emit_message(true, 'ballast', repeat('x', 1000000))");
            long behind = behind(db);
            stage.narrator().got("behind", behind + " bytes of log are not confirmed");
            stage.expect(behind > 1_000_000, "while the sink waits the slot keeps what it has not had");
        } finally {
            sink.turn.release();
        }
        long start = System.nanoTime();
        while (sink.come.size() <= WIDE) {
            requireInTime(start, "only " + sink.come.size() + " changes came");
            Thread.sleep(10);
        }
        // What is acknowledged is told to the server by the next status, a moment later.
        long behind = behind(db);
        while (behind > 100_000) {
            requireInTime(start, "the slot is still behind by " + behind + " bytes");
            Thread.sleep(10);
            behind = behind(db);
        }
        stage.narrator().got("behind", behind + " bytes, " + Timing.since(start) + " after the sink went on");
        stage.expect(true, "it has caught up, and the server may delete its log");
    }

    private static long behind(PgConnection db) {
        for (SlotState slot : new ReplicationMonitor(db).slots()) {
            Long behind = slot.confirmedFlushLagBytes();
            if (slot.name().equals(NAME) && behind != null) {
                return behind;
            }
        }
        throw new UnmetException("the slot is gone");
    }

    private static void awaitStream(Sink sink) throws InterruptedException {
        while (!(next(sink.events, "a stream") instanceof FollowerEvent.Streaming)) {
            // Something else before it.
        }
    }

    private static void requireInTime(long start, String otherwise) {
        if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
            throw new UnmetException(otherwise);
        }
    }

    private static <T> T next(BlockingQueue<T> queue, String what) throws InterruptedException {
        T one = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (one == null) {
            throw new UnmetException(what + " did not come within " + PATIENCE_SECONDS + " s");
        }
        return one;
    }
}
