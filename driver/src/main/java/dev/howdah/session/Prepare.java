package dev.howdah.session;

import dev.howdah.message.BackendMessage;
import dev.howdah.message.Close;
import dev.howdah.message.CloseComplete;
import dev.howdah.message.Describe;
import dev.howdah.message.IntList;
import dev.howdah.message.NoData;
import dev.howdah.message.ParameterDescription;
import dev.howdah.message.Parse;
import dev.howdah.message.ParseComplete;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.RowDescription;
import dev.howdah.message.Sync;
import dev.howdah.message.Target;
import dev.howdah.type.TypeRegistry;
import dev.howdah.wire.WireWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has the server parse a statement and describe its parameters and columns. It ends with Sync, so the server is idle
 * afterwards rather than in a transaction nobody asked for.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY">Extended query</a>
 */
public final class Prepare extends QueryExchange<ServerStatement> {

    private final String name;
    private final String sql;
    private final IntList givenTypes;
    private final List<String> toClose;
    private final TypeRegistry types;
    private final StatementCache statements;
    private IntList parameterTypes = IntList.EMPTY;
    private @Nullable List<RowDescription.Field> fields;

    /**
     * Makes the exchange.
     *
     * @param givenTypes the OIDs of the parameters' types, none if the server is to say
     */
    Prepare(
            String name,
            String sql,
            IntList givenTypes,
            List<String> toClose,
            TypeRegistry types,
            StatementCache statements) {
        super(sql, statements);
        this.givenTypes = givenTypes;
        this.name = name;
        this.sql = sql;
        this.toClose = toClose;
        this.types = types;
        this.statements = statements;
    }

    @Override
    boolean extended() {
        return true;
    }

    @Override
    boolean transmitQuery(Outbox out) {
        write(out.writer());
        Sync.INSTANCE.write(out.writer());
        return true;
    }

    /** Writes the request without what ends it. */
    void write(WireWriter writer) {
        for (String old : toClose) {
            Close.write(writer, Target.STATEMENT, old);
        }
        Parse.write(writer, name, sql, givenTypes);
        Describe.write(writer, Target.STATEMENT, name);
    }

    @Override
    protected boolean receive(BackendMessage message) {
        switch (message) {
            case CloseComplete closed -> {}
            case ParseComplete parsed -> {}
            case ParameterDescription description -> parameterTypes = description.typeOids();
            case RowDescription description -> fields = description.fields();
            case NoData none -> fields = null;
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

    /** Returns what the statement is to be called; empty if the server does not keep it. */
    String name() {
        return name;
    }

    /** Takes a description; returns false if the message is none. */
    boolean describes(BackendMessage message) {
        switch (message) {
            case ParameterDescription description -> parameterTypes = description.typeOids();
            case RowDescription description -> fields = description.fields();
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    protected ServerStatement value() {
        return new ServerStatement(name, sql, parameterTypes, fields, types, statements.generation());
    }

    @Override
    protected String describe() {
        return "the preparation of a statement";
    }
}
