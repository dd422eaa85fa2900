package dev.howdah.session;

import dev.howdah.message.BackendMessage;
import dev.howdah.message.BindComplete;
import dev.howdah.message.CloseComplete;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.Describe;
import dev.howdah.message.EmptyQueryResponse;
import dev.howdah.message.Execute;
import dev.howdah.message.NoData;
import dev.howdah.message.Parse;
import dev.howdah.message.ParseComplete;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.RowDescription;
import dev.howdah.message.Sync;
import dev.howdah.message.Target;
import dev.howdah.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * One run of a described statement with its parameters: Bind, Execute and Sync in one round trip. A statement that the
 * server does not keep is parsed in the same trip.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY">Extended query</a>
 */
final class BoundQuery extends QueryExchange<QueryResult> {

    private final ServerStatement statement;
    private final WireWriter encoded;
    private @Nullable RowShape shape;
    private @Nullable CommandComplete command;

    /** Encodes the parameters; nothing is sent if one of them is refused. */
    BoundQuery(ServerStatement statement, @Nullable Object[] parameters, StatementCache statements) {
        super(statement.sql(), statements);
        this.statement = statement;
        this.shape = statement.shape();
        this.encoded = new WireWriter(64 + 16 * parameters.length);
        if (!statement.isNamed()) {
            Parse.write(encoded, "", statement.sql(), statement.parameterTypes());
        }
        new BindEncoder(encoded).bind("", statement, shape, parameters);
        if (!statement.isNamed()) {
            Describe.write(encoded, Target.PORTAL, "");
        }
        Execute.write(encoded, "", 0);
        Sync.INSTANCE.write(encoded);
    }

    @Override
    boolean extended() {
        return true;
    }

    @Override
    @Nullable
    RowShape shape() {
        return shape;
    }

    @Override
    boolean transmitQuery(Outbox out) {
        out.append(encoded.array(), 0, encoded.position());
        return true;
    }

    @Override
    protected boolean receive(BackendMessage message) {
        switch (message) {
            case ParseComplete parsed -> {}
            case BindComplete accepted -> bound();
            case CloseComplete closed -> {}
            case NoData none -> shape = null;
            case RowDescription description -> shape = RowShape.ofResult(description.fields(), statement.types());
            case CommandComplete complete -> {
                command = complete;
                completed(complete);
            }
            case EmptyQueryResponse empty -> {}
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
    protected QueryResult value() {
        return new QueryResult(RowShape.renewed(shape), rows(), command);
    }
}
