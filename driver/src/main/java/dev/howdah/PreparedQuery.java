package dev.howdah;

import dev.howdah.pump.CallLimits;
import dev.howdah.session.ExtendedQuery;
import dev.howdah.session.QueryResult;
import dev.howdah.session.ServerStatement;
import dev.howdah.sql.AdaptedStatement;
import dev.howdah.type.PgType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A statement that the server has parsed and keeps for this object. {@link Queries#query} prepares and keeps statements
 * by itself; this is for those who want to look at one before running it, or hold it by hand. When its result has changed
 * since, it is prepared anew. Safe for several threads.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-prepare.html">Prepared statements</a>
 */
public final class PreparedQuery implements AutoCloseable {

    private final Core core;
    private final CallLimits limits;
    private final AtomicReference<ServerStatement> statement;
    private volatile boolean closed;

    PreparedQuery(Core core, CallLimits limits, ServerStatement statement) {
        this.core = core;
        this.limits = limits;
        this.statement = new AtomicReference<>(statement);
    }

    /** Returns the text. */
    public String sql() {
        return statement().sql();
    }

    /** Returns the type of each parameter; one that is not known here is named by its OID. */
    public List<PgType> parameterTypes() {
        ServerStatement statement = statement();
        List<PgType> types = new ArrayList<>();
        for (int i = 0; i < statement.parameterCount(); i++) {
            int oid = statement.parameterType(i);
            PgType type = core.statements().types().type(oid);
            types.add(type != null ? type : PgType.of(oid, null, Integer.toUnsignedString(oid), PgType.Kind.BASE, 0));
        }
        return types;
    }

    /** Returns what its columns are; empty if it has no result set. */
    public List<Column> columns() {
        return Columns.of(statement().shape());
    }

    /**
     * Runs it and returns all rows.
     *
     * @throws IllegalStateException if it has been closed
     * @see Queries#query
     */
    public Rows query(@Nullable Object... parameters) {
        return Rows.of(run(parameters));
    }

    /**
     * Runs it.
     *
     * @throws IllegalStateException if it has been closed
     * @see Queries#execute
     */
    public Result execute(@Nullable Object... parameters) {
        return new Result(run(parameters));
    }

    private QueryResult run(@Nullable Object @Nullable [] parameters) {
        if (closed) {
            throw new IllegalStateException("the prepared query has been closed");
        }
        @Nullable Object[] given = parameters == null ? new @Nullable Object[] {null} : parameters;
        ServerStatement own = statement();
        @Nullable Object[] adapted = AdaptedStatement.values(given, core);
        ExtendedQuery query = new ExtendedQuery(core.session(), core.statements(), own, adapted);
        try {
            return core.run(query, own.sql(), Function.identity(), limits);
        } finally {
            ServerStatement ran = query.statement();
            if (ran != null && ran != own) {
                replace(own, ran);
            }
        }
    }

    private ServerStatement statement() {
        return Objects.requireNonNull(statement.get());
    }

    /** Goes on with a statement that was prepared anew, unless another thread was faster or this has been closed. */
    private void replace(ServerStatement own, ServerStatement anew) {
        if (!statement.compareAndSet(own, anew) || closed) {
            core.pump().inTurn(() -> core.statements().close(anew));
        }
    }

    /** Lets the server forget it, together with the next statement that is prepared. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            core.pump().inTurn(() -> core.statements().close(statement()));
        }
    }
}
