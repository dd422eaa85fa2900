package dev.howdah.session;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A query with parameters, whoever runs it: described once, then one round trip each time. */
public final class ExtendedQuery extends PreparedRun<BoundQuery, QueryResult> {

    private final @Nullable Object[] parameters;

    /** Makes the conversation; {@code parameters} must not change while it is under way. */
    public ExtendedQuery(Session session, StatementCache statements, String sql, @Nullable Object[] parameters) {
        super(session, statements, sql);
        BindEncoder.checkCount(parameters.length);
        this.parameters = parameters;
    }

    /** Makes the conversation for a statement that the caller has prepared and owns. */
    public ExtendedQuery(
            Session session, StatementCache statements, ServerStatement own, @Nullable Object[] parameters) {
        super(session, statements, own);
        BindEncoder.checkCount(parameters.length);
        this.parameters = parameters;
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
