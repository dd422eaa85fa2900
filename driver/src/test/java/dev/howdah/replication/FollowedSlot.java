package dev.howdah.replication;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.type.Lsn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A slot, of pgoutput for the publication {@code p} or of another plugin, a connection that makes changes, and the streams of the slot. */
final class FollowedSlot implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final TestDatabase database;
    private final PgConnection db;
    private final OutputPlugin plugin;
    private final String name;
    private final List<PgConnection> streaming = new ArrayList<>();

    private FollowedSlot(TestDatabase database, PgConnection db, OutputPlugin plugin, String name) {
        this.database = database;
        this.db = db;
        this.plugin = plugin;
        this.name = name;
    }

    /** Prepares a database, and makes the slot. */
    static FollowedSlot of(TestDatabase database, String preparation) {
        return of(database, preparation, OutputPlugin.PGOUTPUT, false);
    }

    static FollowedSlot of(TestDatabase database, String preparation, OutputPlugin plugin, boolean twoPhase) {
        database.execute(preparation);
        PgConnection db = Howdah.connect(database.dsn());
        String name = "followed_" + ProcessHandle.current().pid() + "_" + NUMBERS.incrementAndGet();
        db.query("select pg_create_logical_replication_slot($1, $2, false, $3)", name, plugin.pluginName(), twoPhase);
        return new FollowedSlot(database, db, plugin, name);
    }

    String name() {
        return name;
    }

    int version() {
        return db.info().serverVersion() / 10_000;
    }

    /** Returns a statement that inserts rows of about 500 bytes. */
    static String many(String table, int from, int count) {
        return "insert into " + table + " select i, repeat('x', 500) from generate_series(" + from + ", "
                + (from + count - 1) + ") i";
    }

    /** Does several things, each statement a transaction of its own unless it says otherwise. */
    void run(String... statements) {
        for (String statement : statements) {
            db.script(statement);
        }
    }

    TransactionStream stream() {
        return stream(options -> options);
    }

    /** The same once more, from what has been confirmed. */
    TransactionStream again() {
        return stream();
    }

    TransactionStream stream(UnaryOperator<TransactionStreamOptions> how) {
        return stream(how, "");
    }

    TransactionStream stream(UnaryOperator<TransactionStreamOptions> how, String settings) {
        PgConnection made = connect(settings.isEmpty() ? "" : " options='" + settings + "'");
        return TransactionStream.open(
                made.cursor(ReplicationCursor::new),
                how.apply(TransactionStreamOptions.slot(name).plugin(plugin).publications("p")));
    }

    /** The messages of pgoutput as they are. */
    ReplicationCursor messages(UnaryOperator<StreamOptions> how) {
        ReplicationCursor cursor = connect("").cursor(ReplicationCursor::new);
        cursor.startReplication(how.apply(options()));
        return cursor;
    }

    StreamOptions options() {
        return StreamOptions.slot(name)
                .option("proto_version", "1")
                .option("publication_names", "p")
                .option("messages", "true");
    }

    private PgConnection connect(String options) {
        PgConnection made = Howdah.connect(database.dsn() + " replication=database" + options);
        streaming.add(made);
        return made;
    }

    boolean isUsed() {
        return db.queryValue("select active from pg_replication_slots where slot_name = $1", Boolean.class, name);
    }

    /** Waits until a thread waits for a message. */
    static void awaitReading(Thread thread) {
        String stream = ReplicationStream.class.getName();
        Await.until(
                "it waits for a message",
                PATIENCE,
                () -> Stream.of(thread.getStackTrace())
                        .map(StackTraceElement::getClassName)
                        .anyMatch(stream::equals));
    }

    /** Waits until the server process behind a stream cannot send more. */
    void awaitBlocked(ReplicationCursor cursor) {
        String waits = "select count(*) > 0 from pg_stat_activity where wait_event = 'WalSenderWriteData' and pid = $1";
        int pid = cursor.connection().info().backendPid();
        Await.until("the server cannot send more", PATIENCE, () -> db.queryValue(waits, Boolean.class, pid));
    }

    void terminate(ReplicationCursor cursor) {
        db.query("select pg_terminate_backend($1)", cursor.connection().info().backendPid());
    }

    Lsn confirmed() {
        return Lsn.parse(db.queryValue(
                "select confirmed_flush_lsn::text from pg_replication_slots where slot_name = $1", String.class, name));
    }

    boolean isTwoPhase() {
        return db.queryValue("select two_phase from pg_replication_slots where slot_name = $1", Boolean.class, name);
    }

    void awaitConfirmed(Lsn place) {
        Await.until(place + " is confirmed", PATIENCE, () -> confirmed().compareTo(place) >= 0);
    }

    Lsn currentLsn() {
        return Lsn.parse(db.queryValue("select pg_current_wal_insert_lsn()::text", String.class));
    }

    @Override
    public void close() {
        streaming.forEach(PgConnection::close);
        Await.until("the slot is free", PATIENCE, () -> !isUsed());
        db.query("select pg_drop_replication_slot($1)", name);
        db.close();
    }
}
