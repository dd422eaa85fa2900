package dev.howdah.session;

import dev.howdah.message.IntList;
import dev.howdah.message.TransactionStatus;
import org.jspecify.annotations.Nullable;

/** Finds out what a statement takes and returns, without running it. What it finds is kept in the cache. */
final class Description implements Conversation<ServerStatement> {

    private final Session session;
    private final StatementCache statements;
    private final String sql;
    private final TypeLookup lookup;
    private @Nullable Prepare prepare;
    private @Nullable ServerStatement statement;

    Description(Session session, StatementCache statements, String sql) {
        this.session = session;
        this.statements = statements;
        this.sql = sql;
        this.lookup = new TypeLookup(statements);
    }

    @Override
    public @Nullable Exchange<?> next() {
        ServerStatement described = statement;
        if (described == null) {
            Prepare ended = prepare;
            if (ended != null) {
                described = ended.result();
                statements.put(described);
            } else {
                statements.standardConformingStrings(session.standardConformingStrings());
                described = statements.get(sql);
            }
            if (described == null) {
                Prepare begun = statements.prepare(sql, IntList.EMPTY);
                prepare = begun;
                return begun;
            }
            statement = described;
        }
        if (lookup.isRunning() || !described.hasLookedUp() && session.transactionStatus() != TransactionStatus.FAILED) {
            Introspection question = lookup.next(described.typeOids());
            if (question != null) {
                return question;
            }
            described.lookedUp();
        }
        return null;
    }

    @Override
    public ServerStatement result() {
        if (statement == null) {
            throw new IllegalStateException("the statement has not been described");
        }
        return statement;
    }
}
