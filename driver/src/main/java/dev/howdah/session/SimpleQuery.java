package dev.howdah.session;

import dev.howdah.message.BackendMessage;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.EmptyQueryResponse;
import dev.howdah.message.Query;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.RowDescription;
import dev.howdah.type.TypeRegistry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A script: any number of statements in one text, sent and answered in one round trip. Results come as text.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SIMPLE-QUERY">Simple query</a>
 */
public final class SimpleQuery extends QueryExchange<List<QueryResult>> {

    private final String sql;
    private final TypeRegistry types;
    private final List<QueryResult> results = new ArrayList<>();
    private @Nullable RowShape shape;

    /**
     * Makes the exchange.
     *
     * @throws IllegalArgumentException if the text has a NUL character
     */
    public SimpleQuery(String sql, StatementCache statements, TypeRegistry types) {
        super(sql, statements);
        StatementCache.requireSendable(sql);
        this.sql = sql;
        this.types = types;
    }

    @Override
    boolean extended() {
        return false;
    }

    @Override
    @Nullable
    RowShape shape() {
        return shape;
    }

    @Override
    boolean transmitQuery(Outbox out) {
        new Query(sql).write(out.writer());
        return true;
    }

    @Override
    protected boolean receive(BackendMessage message) {
        switch (message) {
            case RowDescription description -> shape = RowShape.ofResult(description.fields(), types);
            case CommandComplete command -> {
                results.add(new QueryResult(shape, takeRows(), command));
                shape = null;
                completed(command);
            }
            case EmptyQueryResponse empty -> results.add(new QueryResult(null, takeRows(), null));
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
    protected List<QueryResult> value() {
        return results;
    }
}
