package dev.howdah.examples;

import dev.howdah.ConnectOptions;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.replication.LogicalReplicationConnection;
import dev.howdah.replication.ReplicationCursor;
import dev.howdah.replication.ReplicationMessage;
import dev.howdah.replication.StreamOptions;
import dev.howdah.type.Lsn;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A consumer of changes for any output plugin that writes text, such as wal2json. */
public final class LogicalReplicationConsumer implements AutoCloseable {

    private static final String SLOT = "howdah_app_changes";

    /** The options that wal2json is given; with format 2 it writes each change as soon as it comes to it. */
    private static final Map<String, String> WAL2JSON = Map.of(
            "format-version", "2",
            "include-xids", "0",
            "include-timestamp", "0",
            "include-schemas", "1",
            "include-types", "1");

    // @start region=recorded
    /** What wal2json 2.5 on PostgreSQL 15 wrote of a transaction, for servers that have no wal2json. */
    private static final String RECORDED = """
            {"action":"B"}
            {"action":"I","schema":"public","table":"consumer_item","columns":[\
            {"name":"id","type":"integer","value":1},{"name":"name","type":"text","value":"O'Hara \\"pen\\""},\
            {"name":"price","type":"numeric(8,2)","value":2.50}]}
            {"action":"D","schema":"public","table":"consumer_item","identity":[\
            {"name":"id","type":"integer","value":1}]}
            {"action":"C"}
            """;
    // @end

    // @start region=consumer
    private final LogicalReplicationConnection connection;
    private final ReplicationCursor cursor;
    private final String slotName;
    private final String plugin;

    /** Connects. */
    LogicalReplicationConsumer(ConnectOptions options, String slotName, String plugin) {
        this.connection = LogicalReplicationConnection.connect(options);
        this.cursor = connection.cursor();
        this.slotName = slotName;
        this.plugin = plugin;
    }

    /** Makes the slot if it is not there. */
    void createSlot() {
        try {
            cursor.createReplicationSlot(slotName, plugin);
            System.out.println("Created slot " + slotName);
        } catch (ServerException e) {
            if (!e.sqlState().equals(SqlState.DUPLICATE_OBJECT)) {
                throw e;
            }
            System.out.println("Slot " + slotName + " already exists");
        }
    }

    void startConsuming(@Nullable Lsn start, Map<String, String> options) {
        cursor.startReplication(
                StreamOptions.slot(slotName).startLsn(start).options(options).decode(true));
    }

    /**
     * Gives messages to a handler until the stream ends, or it has had so many transactions. A transaction is confirmed when
     * the handler has had all of it, so what it throws leaves it unconfirmed: it comes again.
     */
    void processMessages(BiConsumer<ReplicationMessage, String> handler, int maxTransactions) {
        int processed = 0;
        while (processed < maxTransactions && cursor.isStreaming()) {
            ReplicationMessage message = cursor.readMessage(Duration.ofSeconds(1));
            if (message != null) { // if not, the driver tells the server that we are alive
                handler.accept(message, message.text());
                if (isCommit(message.text())) {
                    cursor.sendFeedback(message.dataStart());
                    processed++;
                }
            }
        }
    }

    private boolean isCommit(String text) {
        return plugin.equals("wal2json") ? text.startsWith("{\"action\":\"C\"") : text.startsWith("COMMIT");
    }

    void dropSlot() {
        cursor.dropReplicationSlot(slotName); // stops the stream before
    }

    @Override
    public void close() {
        connection.close();
    }
    // @end

    // @start region=handler
    /** A change; the values as PostgreSQL writes JSON. */
    private record Change(
            String action,
            @Nullable String schema,
            @Nullable String table,
            @Nullable String data) {}

    /** Reads what wal2json writes. A program has a library for JSON; this one asks PostgreSQL. */
    private static Change parse(PgConnection db, String json) {
        return db.query("""
                        select j ->> 'action' as action, j ->> 'schema' as schema, j ->> 'table' as table,
                               (select jsonb_object_agg(c ->> 'name', c -> 'value')::text
                                from jsonb_array_elements(coalesce(j -> 'columns', j -> 'identity')) c) as data
                        from (select $1::text::jsonb) as message (j)""", json).as(Change.class).getFirst();
    }

    private static void handleChange(PgConnection db, String json) {
        Change change = parse(db, json);
        if (change.table() != null) {
            System.out.println(change.action() + " " + change.schema() + "." + change.table() + " " + change.data());
        }
    }
    // @end

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        ConnectOptions options = ConnectOptions.parse(args.length > 0 ? args[0] : "");
        try (PgConnection db = Howdah.connect(options)) {
            db.execute("create table consumer_item (id int primary key, name text, price numeric(8, 2))");
            try {
                wal2json(options, db);
                text(options, db);
            } finally {
                db.execute("drop table consumer_item");
            }
        }
    }

    private static void wal2json(ConnectOptions options, PgConnection db) {
        // @start region=wal2json
        try (LogicalReplicationConsumer consumer = new LogicalReplicationConsumer(options, SLOT, "wal2json")) {
            consumer.createSlot();
            try {
                consumer.startConsuming(null, WAL2JSON);
                change(db);
                consumer.processMessages((message, json) -> handleChange(db, json), 1);
            } finally {
                consumer.dropSlot();
            }
        } catch (ServerException e) { // 58P01: it is not installed; 42501: it may not be used
            System.out.println("no wal2json: " + e.sqlState());
            RECORDED.lines().forEach(json -> handleChange(db, json));
        }
        // @end
    }

    private static void text(ConnectOptions options, PgConnection db) {
        try (LogicalReplicationConsumer consumer = new LogicalReplicationConsumer(options, SLOT, "test_decoding")) {
            consumer.createSlot();
            try {
                consumer.createSlot();
                consumer.startConsuming(null, Map.of("skip-empty-xacts", "1", "include-xids", "0"));
                change(db);
                consumer.processMessages((message, text) -> System.out.println(text), 1);
            } finally {
                consumer.dropSlot();
            }
        }
    }

    private static void change(PgConnection db) {
        db.inTransaction(tx -> {
            db.execute("insert into consumer_item values ($1, $2, $3)", 1, "O'Hara \"pen\"", 2.5);
            return db.execute("delete from consumer_item where id = $1", 1);
        });
    }
}
