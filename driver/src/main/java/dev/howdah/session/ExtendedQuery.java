package dev.howdah.session;

import dev.howdah.error.PgException;
import dev.howdah.message.TransactionStatus;
import org.jspecify.annotations.Nullable;

/**
 * A query with parameters, whoever runs it: described once, then one round trip each time. When the server does not take
 * the prepared statement any more (its result changed, or somebody dropped it), the statement is prepared again and run
 * once more; inside a transaction that the error has aborted, the error is the caller's.
 */
public final class ExtendedQuery implements Conversation<QueryResult> {

    private final Session session;
    private final StatementCache statements;
    private final String sql;
    private final @Nullable Object[] parameters;
    private @Nullable Prepare preparation;
    private @Nullable BoundQuery run;
    private boolean healed;

    /** Makes the conversation; {@code parameters} must not change while it is under way. */
    public ExtendedQuery(
            Session session, StatementCache statements, String sql, @Nullable Object[] parameters) {
        BindEncoder.checkCount(parameters.length);
        this.session = session;
        this.statements = statements;
        this.sql = sql;
        this.parameters = parameters;
    }

    @Override
    public @Nullable Exchange<?> next() {
        if (run != null) {
            return afterRun(run);
        }
        if (preparation != null) {
            ServerStatement statement = preparation.result();
            preparation = null;
            statements.put(statement);
            return bind(statement);
        }
        return start();
    }

    private Exchange<?> start() {
        ServerStatement statement = statements.get(sql);
        if (statement != null) {
            return bind(statement);
        }
        Prepare prepare = statements.prepare(sql);
        preparation = prepare;
        return prepare;
    }

    private Exchange<?> bind(ServerStatement statement) {
        BoundQuery query = new BoundQuery(statement, parameters, statements);
        run = query;
        return query;
    }

    private @Nullable Exchange<?> afterRun(BoundQuery ran) {
        PgException failure = ran.failure();
        if (failure == null) {
            return null;
        }
        if (StaleStatement.isReason(failure)) {
            statements.remove(ran.statement());
            if (!healed && session.transactionStatus() == TransactionStatus.IDLE) {
                healed = true;
                run = null;
                return start();
            }
        }
        throw failure;
    }

    @Override
    public QueryResult result() {
        if (run == null) {
            throw new IllegalStateException("the query has not ended");
        }
        return run.result();
    }
}
