package dev.howdah.replication;

import dev.howdah.error.ProtocolException;
import dev.howdah.replication.JsonReader.Token;
import dev.howdah.type.Lsn;
import dev.howdah.type.TypeRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the output plugin {@code wal2json} writes, in its formats 1 and 2, which it tells apart: JSON in, the objects
 * that a {@link PgOutputDecoder} makes out. It neither reads from anywhere nor waits, and is not safe for several threads;
 * what it passes on is.
 *
 * <p>What is told depends on the plugin's options; nothing is asked for, and what is not told is left open:
 *
 * <ul>
 *   <li>A transaction has an ID with {@code include-xids}, a time with {@code include-timestamp}, and the number of its
 *       origin in place of the name with {@code include-origin}. With {@code include-lsn} format 2 tells where its commit is
 *       logged, and both formats where it ends. Without it the end is where the message of its commit stands. A whole
 *       transaction of format 1 stands where it <em>began</em>: to confirm that is safe, and brings it again after a restart.
 *   <li>A transaction written in chunks ({@code write-in-chunks}) needs all its chunks in their order.
 *   <li>Tables have no OID. Their columns are those of the rows; a {@link PgOutputMessage.RelationMessage} comes whenever
 *       rows show something new. Which columns are the key, old rows show, before that {@code include-pk}. Types are those
 *       of {@code include-type-oids}, else those of PostgreSQL's own are found by name.
 *   <li>Columns that are missing from the new row of an update are {@link ColumnState#UNCHANGED}: the plugin does not print
 *       what is stored out of line and was not changed. So is a column that was dropped, until the next insert.
 *   <li>NULLs of old rows are left out by format 1, and are {@link ColumnState#ABSENT} then. A key that was not changed is
 *       written again as the old row; that is not passed on.
 *   <li>The plugin writes NaN and infinity as null, unless {@code numeric-data-types-as-string} is on; bytea can be read if
 *       {@code bytea_output} is hex. Flags of TRUNCATE are not told, and format 2 writes one message for each table.
 * </ul>
 *
 * <p>A text may be several messages behind each other, as {@code pg_recvlogical} writes them.
 *
 * @see <a href="https://github.com/eulerto/wal2json">wal2json</a>
 */
public final class Wal2JsonDecoder implements ChangeDecoder {

    private static final String CHANGE = "change";

    private final PrintedChanges changes;
    /** What is known of the transaction of which not all chunks have come; null if there is none. */
    private @Nullable Wal2JsonObject open;

    /**
     * Makes a decoder for a stream.
     *
     * @param types what is known of types, such as {@code types()} of a connection to the same database, or {@code
     *     TypeRegistry.global().child()}
     */
    public Wal2JsonDecoder(TypeRegistry types) {
        this.changes = new PrintedChanges(types, true, PgOutputDecoder.DEFAULT_MAX_RELATION_BYTES);
    }

    @Override
    public void decode(ReplicationMessage message, Consumer<? super PgOutputMessage> to) {
        decode(message.payload(), message.dataStart(), to);
    }

    /**
     * Reads a message that did not come by a stream, such as one of {@code pg_logical_slot_get_changes}.
     *
     * @param text the message
     * @param dataStart where it stands in the write-ahead log, {@link Lsn#ZERO} if that is not known
     * @param to takes what the message tells; under the conditions of {@link #decode(ReplicationMessage, Consumer)}
     * @throws ProtocolException if it is not what the plugin writes
     */
    public void decode(String text, Lsn dataStart, Consumer<? super PgOutputMessage> to) {
        decode(text.getBytes(StandardCharsets.UTF_8), Objects.requireNonNull(dataStart, "dataStart"), to);
    }

    private void decode(byte[] payload, Lsn dataStart, Consumer<? super PgOutputMessage> to) {
        PluginText in = new PluginText(payload);
        Message message = new Message(in, new JsonReader(in), dataStart, to);
        try {
            do {
                message.read();
            } while (!message.json.isAtEnd());
        } catch (ProtocolException e) {
            throw new ProtocolException(
                    "wal2json's message" + message.name + ": " + e.getMessage() + ", of " + payload.length + " bytes",
                    e.delivery(),
                    e);
        }
    }

    /** One message while it is read. */
    private final class Message {

        private final PluginText in;
        private final JsonReader json;
        private final Lsn dataStart;
        private final Consumer<? super PgOutputMessage> to;
        /** What an exception calls it. */
        private String name = "";

        Message(PluginText in, JsonReader json, Lsn dataStart, Consumer<? super PgOutputMessage> to) {
            this.in = in;
            this.json = json;
            this.dataStart = dataStart;
            this.to = to;
        }

        /** Reads an object, or what a chunk has of one. */
        void read() {
            Wal2JsonObject begun = open;
            if (begun == null || json.isAtEnd()) {
                object(null);
            } else if (in.skip("]")) {
                if (json.isAtEnd()) {
                    throw in.refused("the end of the transaction is missing");
                }
                in.expect("}");
                open = null;
                commit(begun);
            } else {
                in.skip(",");
                object(begun);
            }
        }

        /** Reads an object; a change may be one if a transaction is written in chunks. */
        private void object(@Nullable Wal2JsonObject chunked) {
            json.begin(Token.OBJECT);
            Wal2JsonObject object = new Wal2JsonObject(in, json);
            boolean first = true;
            boolean whole = false;
            while (json.hasMember(first)) {
                first = false;
                if (!json.text().equals(CHANGE)) {
                    object.member(json.text());
                } else if (changes(object, chunked != null)) {
                    whole = true;
                } else {
                    return;
                }
            }
            object.complete();
            if (whole) {
                return;
            }
            act(object);
        }

        /** Reads the changes of format 1, and returns whether they are all there. */
        private boolean changes(Wal2JsonObject transaction, boolean withinAnother) {
            json.begin(Token.ARRAY);
            if (json.isAtEnd()) {
                if (withinAnother) {
                    throw in.refused("a transaction begins before all chunks of another have come");
                }
                begin(transaction);
                open = transaction;
                return false;
            }
            boolean begun = false;
            boolean first = true;
            while (json.hasElement(first)) {
                first = false;
                json.begin(Token.OBJECT);
                Wal2JsonObject change = new Wal2JsonObject(in, json);
                change.members();
                if (!begun && change.transactional()) {
                    begin(transaction);
                    begun = true;
                }
                act(change);
            }
            if (first) {
                begin(transaction);
            }
            if (first || begun) {
                commit(transaction);
            }
            return true;
        }

        private void act(Wal2JsonObject object) {
            name = " " + object.action();
            switch (object.action()) {
                case "B" -> begin(object);
                case "C" -> commit(object);
                case "I", "insert" -> changes.insert(object.table(), object.newRow(), object.primaryKey(), to);
                case "U", "update" ->
                    changes.update(object.table(), object.oldRow(), object.newRow(), false, object.primaryKey(), to);
                case "D", "delete" -> changes.delete(object.table(), object.oldRow(), object.primaryKey(), to);
                case "T", "truncate" -> changes.truncate(List.of(object.table()), false, false, to);
                case "M", "message" -> message(object);
                default -> {
                    name = "";
                    throw in.refused("no action or kind of change is said that is known here");
                }
            }
            name = "";
        }

        private void begin(Wal2JsonObject object) {
            to.accept(new PgOutputMessage.Begin(object.lsn(), object.time(), object.xid()));
            if (object.origin() != 0) {
                to.accept(new PgOutputMessage.Origin(Lsn.ZERO, Long.toString(object.origin())));
            }
        }

        private void commit(Wal2JsonObject object) {
            Lsn end = object.nextLsn().equals(Lsn.ZERO) ? dataStart : object.nextLsn();
            to.accept(new PgOutputMessage.Commit(object.lsn(), end, object.time()));
        }

        private void message(Wal2JsonObject object) {
            to.accept(new Change.LogicalMessage(
                    0,
                    object.transactional(),
                    object.lsn().equals(Lsn.ZERO) ? dataStart : object.lsn(),
                    object.prefix(),
                    ByteBuffer.wrap(object.content().getBytes(StandardCharsets.UTF_8))));
        }
    }
}
