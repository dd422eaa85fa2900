package dev.howdah.session;

import dev.howdah.type.TypeRegistry;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A query with parameters, whoever runs it: described once, then one round trip each time. */
public final class ExtendedQuery extends PreparedRun<BoundQuery, QueryResult> implements Shareable<QueryResult> {

    private final @Nullable Object[] parameters;

    /** Makes the conversation; {@code parameters} must not change while it is under way. */
    public ExtendedQuery(Session session, StatementCache statements, String sql, @Nullable Object[] parameters) {
        this(session, statements, sql, parameters, statements.types());
    }

    /**
     * Makes the conversation; {@code parameters} must not change while it is under way.
     *
     * @param types the scope that encodes and decodes: that of the cache or one within it
     */
    public ExtendedQuery(
            Session session, StatementCache statements, String sql, @Nullable Object[] parameters, TypeRegistry types) {
        super(session, statements, sql, types);
        BindEncoder.checkCount(parameters.length);
        this.parameters = parameters;
    }

    /** Makes the conversation for a statement that the caller has prepared and owns. */
    public ExtendedQuery(
            Session session,
            StatementCache statements,
            OwnStatement own,
            @Nullable Object[] parameters,
            TypeRegistry types) {
        super(session, statements, own, types);
        BindEncoder.checkCount(parameters.length);
        this.parameters = parameters;
    }

    @Override
    public boolean mayShare() {
        return LeadingKeyword.isPlain(sql());
    }

    @Override
    public void restart() {
        beginAnew();
    }

    @Override
    BoundQuery bind(ServerStatement statement) {
        return new BoundQuery(statement, parameters, statements());
    }

    @Override
    Set<Integer> outdated(BoundQuery ran) {
        QueryResult result = ran.result();
        return TypeProbe.outdated(result.shape(), result.rows());
    }

    @Override
    public QueryResult result() {
        return ran().result();
    }
}
