package dev.howdah.session;

import dev.howdah.error.ProtocolException;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.Bind;
import dev.howdah.message.BindComplete;
import dev.howdah.message.Bytes;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.Execute;
import dev.howdah.message.IntList;
import dev.howdah.message.Parse;
import dev.howdah.message.ParseComplete;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.Sync;
import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks the catalog whether there is a cursor of a name, so that one that is missing does not abort the transaction. No
 * codec takes part.
 *
 * @see <a href="https://www.postgresql.org/docs/current/view-pg-cursors.html">pg_cursors</a>
 */
final class CursorLookup extends QueryExchange<Optional<CursorLookup.Found>> {

    private static final String SQL = """
            SELECT is_scrollable, is_holdable, creation_time OPERATOR(pg_catalog.<) pg_catalog.now()
            FROM pg_catalog.pg_cursors WHERE name OPERATOR(pg_catalog.=) $1""";

    private static final int TEXT = 25;
    private static final int COLUMNS = 3;

    private final String name;
    private @Nullable Found found;

    /**
     * A cursor that exists.
     *
     * @param scrollable whether it goes backwards
     * @param holdable whether it outlives a COMMIT
     * @param ofEarlier whether it is older than the transaction
     */
    record Found(boolean scrollable, boolean holdable, boolean ofEarlier) {}

    CursorLookup(String name, StatementCache statements) {
        super(SQL, statements);
        this.name = name;
    }

    @Override
    boolean extended() {
        return true;
    }

    @Override
    boolean transmitQuery(Outbox out) {
        WireWriter writer = out.writer();
        Parse.write(writer, "", SQL, IntList.of(TEXT));
        new Bind("", "", IntList.EMPTY, List.of(Bytes.utf8(name)), IntList.EMPTY).write(writer);
        Execute.write(writer, "", 0);
        Sync.INSTANCE.write(writer);
        return true;
    }

    @Override
    protected boolean receive(BackendMessage message) {
        switch (message) {
            case ParseComplete parsed -> {}
            case BindComplete bound -> {}
            case CommandComplete command -> {}
            case ReadyForQuery ready -> {
                return true;
            }
            default -> {
                if (!receiveCommon(message)) {
                    throw unexpected(message);
                }
            }
        }
        return false;
    }

    @Override
    protected void row(byte[] bytes, int offset, int length) {
        WireReader in = new WireReader().over(bytes, offset, length);
        if (in.uint16() != COLUMNS) {
            throw new ProtocolException("the server sent a row that does not have the columns of the catalog query");
        }
        found = new Found(flag(in), flag(in), flag(in));
        in.finish("DataRow");
    }

    private static boolean flag(WireReader in) {
        int length = in.int32();
        return length > 0 && in.utf8(length).equals("t");
    }

    @Override
    protected Optional<Found> value() {
        return Optional.ofNullable(found);
    }

    @Override
    protected String describe() {
        return "the look into the catalog for a cursor";
    }
}
