package dev.howdah.session;

import dev.howdah.error.PgException;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.Bind;
import dev.howdah.message.BindComplete;
import dev.howdah.message.Close;
import dev.howdah.message.CloseComplete;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.Describe;
import dev.howdah.message.Execute;
import dev.howdah.message.IntList;
import dev.howdah.message.NoData;
import dev.howdah.message.Parse;
import dev.howdah.message.ParseComplete;
import dev.howdah.message.PortalSuspended;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.RowDescription;
import dev.howdah.message.Sync;
import dev.howdah.message.Target;
import dev.howdah.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One round trip that has to do with a cursor. What it consists of is said step by step before it is run: commands such as
 * DECLARE and MOVE first, rows last. It ends with Sync, so other statements may run before the next one.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY">Extended query</a>
 */
final class CursorTrip extends QueryExchange<CursorTrip> {

    private final SqlCursor cursor;
    private final WireWriter encoded = new WireWriter(256);
    private final List<CommandComplete> commands = new ArrayList<>();
    private int commandsBeforeRows;
    private boolean asksForRows;
    private boolean suspended;
    private @Nullable RowShape shape;
    private @Nullable List<RowDescription.Field> fields;

    /**
     * Makes a trip without steps.
     *
     * @param sql the statement that an error is about
     */
    CursorTrip(SqlCursor cursor, String sql) {
        super(sql, cursor.statements());
        this.cursor = cursor;
    }

    /** Runs a command that has no parameters. */
    CursorTrip command(String sql) {
        commandsBeforeRows++;
        return run(sql, null);
    }

    private CursorTrip run(String sql, @Nullable RowShape columns) {
        Parse.write(encoded, "", sql, IntList.EMPTY);
        Bind.begin(encoded, "", "", IntList.EMPTY, 0);
        BindEncoder.resultFormats(encoded, columns);
        encoded.end();
        Execute.write(encoded, "", 0);
        return this;
    }

    /** Runs a command that has the parameters of a described statement. */
    CursorTrip command(String sql, ServerStatement described, @Nullable Object[] parameters) {
        commandsBeforeRows++;
        Parse.write(encoded, "", sql, described.parameterTypes());
        new BindEncoder(encoded).bind("", "", described, null, parameters);
        Execute.write(encoded, "", 0);
        return this;
    }

    /** Makes a portal of a described statement. */
    CursorTrip bind(ServerStatement statement, @Nullable Object[] parameters) {
        if (!statement.isNamed()) {
            Parse.write(encoded, "", statement.sql(), statement.parameterTypes());
        }
        new BindEncoder(encoded).bind(cursor.name(), statement, statement.shape(), parameters);
        return this;
    }

    /** Asks for the columns of the cursor. */
    CursorTrip describeCursor() {
        Describe.write(encoded, Target.PORTAL, cursor.name());
        return this;
    }

    /** Runs a FETCH whose rows come as the shape says. */
    CursorTrip fetch(String sql, RowShape columns) {
        asksForRows = true;
        shape = columns;
        return run(sql, columns);
    }

    /**
     * Runs the portal of the protocol.
     *
     * @param maxRows 0 for all
     * @param columns its columns; null if this trip asks for them
     */
    CursorTrip execute(int maxRows, @Nullable RowShape columns) {
        asksForRows = true;
        shape = columns;
        Execute.write(encoded, cursor.name(), maxRows);
        return this;
    }

    /** Closes the cursor; that there is none is no error. */
    CursorTrip closeCursor() {
        Close.write(encoded, Target.PORTAL, cursor.name());
        return this;
    }

    /** Returns how the commands ended, in order; that which gives rows is the last, if it has come to its end. */
    List<CommandComplete> commands() {
        return commands;
    }

    /** Returns whether the portal has rows left, perhaps. */
    boolean isSuspended() {
        return suspended;
    }

    /** Returns the columns that the server described; null if it was not asked or there are none. */
    @Nullable
    List<RowDescription.Field> fields() {
        return fields;
    }

    /** Returns the columns of the rows, or null if they are not known. */
    @Nullable
    RowShape columns() {
        return shape;
    }

    @Override
    boolean extended() {
        return true;
    }

    @Override
    @Nullable
    RowShape shape() {
        return asksForRows && commands.size() == commandsBeforeRows ? shape : null;
    }

    @Override
    boolean transmitQuery(Outbox out) {
        out.append(encoded.array(), 0, encoded.position());
        Sync.INSTANCE.write(out.writer());
        return true;
    }

    @Override
    protected boolean receive(BackendMessage message) {
        switch (message) {
            case ParseComplete parsed -> {}
            case BindComplete bound -> {}
            case CloseComplete closed -> {}
            case NoData none -> fields = null;
            case RowDescription description -> {
                fields = description.fields();
                if (asksForRows && shape == null) {
                    shape = RowShape.ofResult(description.fields(), cursor.types());
                }
            }
            case PortalSuspended waiting -> suspended = true;
            case CommandComplete complete -> {
                commands.add(complete);
                completed(complete);
            }
            case ReadyForQuery ready -> {
                PgException failure = failure();
                if (failure != null) {
                    cursor.failed(failure);
                } else if (commands.size() != commandsBeforeRows + (asksForRows && !suspended ? 1 : 0)) {
                    throw unexpected(message);
                }
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
    protected CursorTrip value() {
        return this;
    }

    @Override
    protected String describe() {
        return "a trip to a cursor";
    }
}
