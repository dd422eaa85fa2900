package dev.howdah.replication;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.TransactionStatus;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.type.TypeRegistry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A temporary slot of {@code pgoutput}, read by SQL over the connection that made it, and gone with that. The publication
 * is named {@code p}; it has to be there before the slot.
 */
final class PgOutputSlot implements AutoCloseable {

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final PgConnection db;
    private final String name;

    private PgOutputSlot(PgConnection db, String name) {
        this.db = db;
        this.name = name;
    }

    /** Prepares a database, and makes a slot. */
    static PgOutputSlot open(TestDatabase database, String preparation) {
        return open(database, preparation, false);
    }

    static PgOutputSlot open(TestDatabase database, String preparation, boolean twoPhase) {
        database.execute(preparation);
        PgConnection db = Howdah.connect(database.dsn());
        String name = "pgoutput_" + ProcessHandle.current().pid() + "_" + NUMBERS.incrementAndGet();
        db.query("select pg_create_logical_replication_slot($1, 'pgoutput', true, $2)", name, twoPhase);
        return new PgOutputSlot(db, name);
    }

    PgConnection db() {
        return db;
    }

    int version() {
        return db.info().serverVersion() / 10_000;
    }

    /** The highest protocol that the server knows. */
    int protocol() {
        return Math.min(version() - 12, 4);
    }

    /** Does several things, each statement a transaction of its own unless it says otherwise. */
    PgOutputSlot run(String... statements) {
        for (String statement : statements) {
            db.script(statement);
        }
        return this;
    }

    /** Returns what has come since it was read last: one stream. */
    List<byte[]> record(String... options) {
        return changes("get", options);
    }

    /** Returns the same, which then comes again. */
    List<byte[]> peek(String... options) {
        return changes("peek", options);
    }

    private List<byte[]> changes(String verb, String... options) {
        List<String> all = new ArrayList<>(List.of("publication_names", "p"));
        all.addAll(List.of(options));
        if (!all.contains("proto_version")) {
            all.addAll(List.of("proto_version", Integer.toString(protocol())));
        }
        return db
                .query(
                        "select data from pg_logical_slot_" + verb
                                + "_binary_changes($1, null, null, variadic $2::text[])",
                        name,
                        all)
                .stream()
                .map(row -> row.getBytes(0))
                .toList();
    }

    /** Returns what has come, decoded with the types that the connection knows. */
    List<PgOutputMessage> read(String... options) {
        return decode(db.types(), record(options), List.of(options).contains("parallel"));
    }

    /** Returns the messages of a kind among what has come. */
    <T extends PgOutputMessage> List<T> read(Class<T> kind, String... options) {
        return of(kind, read(options));
    }

    static <T extends PgOutputMessage> List<T> of(Class<T> kind, List<PgOutputMessage> messages) {
        return messages.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    static List<PgOutputMessage> decode(TypeRegistry types, List<byte[]> recorded, boolean parallel) {
        PgOutputDecoder decoder = new PgOutputDecoder(types, parallel);
        return recorded.stream()
                .map(message -> decoder.decode(ByteBuffer.wrap(message)))
                .toList();
    }

    @Override
    public void close() {
        // Only then is it sure to be gone before the database is dropped: a server process ends at its leisure.
        try (db) {
            if (db.info().transactionStatus() != TransactionStatus.IDLE) {
                db.execute("rollback");
            }
            db.query("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1", name);
        }
    }
}
