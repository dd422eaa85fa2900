package dev.howdah.session;

import dev.howdah.message.TransactionStatus;
import dev.howdah.type.TypeRegistry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs the statements of a text, and then finds out about the types of their columns that are not known. */
public final class Script implements Conversation<List<QueryResult>> {

    private final Session session;
    private final SimpleQuery query;
    private final TypeLookup lookup;
    private boolean begun;

    /**
     * Makes the conversation.
     *
     * @param types the scope that decodes: that of the cache or one within it
     * @throws IllegalArgumentException if the text has a NUL character
     */
    public Script(Session session, StatementCache statements, String sql, TypeRegistry types) {
        this.session = session;
        this.query = new SimpleQuery(sql, statements, types);
        this.lookup = TypeLookup.afterwards(statements);
    }

    @Override
    public @Nullable Exchange<?> next() {
        if (!begun) {
            begun = true;
            return query;
        }
        if (query.failure() != null
                || !session.isOpen()
                || session.transactionStatus() == TransactionStatus.FAILED && !lookup.isRunning()) {
            return null;
        }
        return lookup.next(typeOids());
    }

    private Set<Integer> typeOids() {
        Set<Integer> oids = new HashSet<>();
        for (QueryResult result : query.result()) {
            RowShape shape = result.shape();
            for (int i = 0; shape != null && i < shape.size(); i++) {
                oids.add(shape.field(i).typeOid());
            }
        }
        return oids;
    }

    @Override
    public List<QueryResult> result() {
        return query.result();
    }
}
