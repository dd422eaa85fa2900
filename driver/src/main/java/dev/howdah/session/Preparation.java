package dev.howdah.session;

import dev.howdah.message.TransactionStatus;
import org.jspecify.annotations.Nullable;

/** Prepares a statement for a caller that will own it, and finds out about the types that it meets. */
public final class Preparation implements Conversation<ServerStatement> {

    private final Session session;
    private final Prepare prepare;
    private final TypeLookup lookup;
    private boolean begun;
    private @Nullable ServerStatement prepared;

    /**
     * Makes the conversation.
     *
     * @throws IllegalArgumentException if the text has a NUL character
     */
    public Preparation(Session session, StatementCache statements, String sql) {
        this.session = session;
        this.prepare = statements.prepareOwn(sql);
        this.lookup = new TypeLookup(statements);
    }

    @Override
    public @Nullable Exchange<?> next() {
        if (!begun) {
            begun = true;
            return prepare;
        }
        ServerStatement statement = prepare.result();
        prepared = statement;
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
    public @Nullable ServerStatement prepared() {
        return prepared;
    }

    @Override
    public ServerStatement result() {
        return prepare.result();
    }
}
