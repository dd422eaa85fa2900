package dev.howdah.session;

import dev.howdah.message.TransactionStatus;
import org.jspecify.annotations.Nullable;

/** Prepares a statement for a caller that will own it, and finds out about the types that it meets. */
public final class Preparation implements Conversation<OwnStatement> {

    private final Session session;
    private final StatementCache statements;
    private final String sql;
    private final @Nullable String name;
    private final TypeLookup lookup;
    private @Nullable Prepare prepare;
    private @Nullable OwnStatement prepared;

    /**
     * Makes the conversation.
     *
     * @param name what the statement is to be called on the server, or null for a name of the driver's own
     */
    public Preparation(Session session, StatementCache statements, String sql, @Nullable String name) {
        this.session = session;
        this.statements = statements;
        this.sql = sql;
        this.name = name;
        this.lookup = new TypeLookup(statements);
    }

    @Override
    public @Nullable Exchange<?> next() {
        if (prepare == null) {
            Prepare begun = statements.prepareOwn(sql, name);
            prepare = begun;
            return begun;
        }
        ServerStatement statement = prepare.result();
        if (prepared == null) {
            prepared = new OwnStatement(statements, name, statement);
        }
        if (!lookup.isRunning() && session.transactionStatus() == TransactionStatus.FAILED) {
            return null;
        }
        Introspection question = lookup.next(statement.typeOids());
        if (question == null) {
            statement.lookedUp();
        }
        return question;
    }

    /** Returns the statement that the server has, or null: also after a failure, so that it can be closed. */
    public @Nullable OwnStatement prepared() {
        return prepared;
    }

    @Override
    public OwnStatement result() {
        if (prepared == null) {
            throw new IllegalStateException("nothing has been prepared");
        }
        return prepared;
    }
}
