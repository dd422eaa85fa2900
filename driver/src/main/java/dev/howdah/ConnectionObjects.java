package dev.howdah;

import dev.howdah.error.ProtocolException;
import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.ObjectHost;
import dev.howdah.session.Conversation;
import dev.howdah.session.ExtendedQuery;
import dev.howdah.session.ObjectPipe;
import dev.howdah.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The connection as its large objects see it. */
final class ConnectionObjects implements ObjectHost {

    private static final Unit NONE = new Unit() {
        @Override
        public void commit() {}

        @Override
        public void close() {}
    };

    private final Core core;
    private final TransactionStack transactions;

    ConnectionObjects(Core core, TransactionStack transactions) {
        this.core = core;
        this.transactions = transactions;
    }

    @Override
    public Session session() {
        return core.session();
    }

    @Override
    public ObjectPipe objects() {
        return core.objects();
    }

    @Override
    public boolean autocommit() {
        return core.autocommit();
    }

    @Override
    public void inTurn(CallLimits limits, Runnable action) {
        core.pump().inTurn(limits, action);
    }

    @Override
    public void hear() {
        core.pump().hear();
    }

    @Override
    public <R> R run(Conversation<R> conversation, String sql, CallLimits limits) {
        return core.goOn(conversation, Kind.LARGE_OBJECT, sql, limits);
    }

    @Override
    public <T> List<T> query(String sql, CallLimits limits, Function<Values, T> row, Object... parameters) {
        ExtendedQuery query = new ExtendedQuery(core.session(), core.statements(), sql, parameters);
        List<T> found = new ArrayList<>();
        for (Row next : Rows.of(core.run(query, Kind.LARGE_OBJECT, sql, parameters, limits))) {
            found.add(row.apply(new RowValues(next)));
        }
        return found;
    }

    @Override
    public void command(String sql, CallLimits limits) {
        core.run(Conversation.of(core.simple(sql)), Kind.LARGE_OBJECT, sql, new Object[0], limits);
    }

    @Override
    public Unit begin(CallLimits limits) {
        if (!core.autocommit() || transactions.twoPhase().isUnderWay()) {
            return NONE;
        }
        Transaction begun = transactions.begin(TransactionMode.DEFAULT, limits);
        return new Unit() {
            @Override
            public void commit() {
                begun.commit();
            }

            @Override
            public void close() {
                begun.close();
            }
        };
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T inTransaction(Body<T, X> body, CallLimits limits)
            throws X {
        return transactions.run(TransactionMode.DEFAULT, transaction -> body.run(), limits);
    }

    private record RowValues(Row row) implements Values {
        @Override
        public long number(int column) {
            Long value = row.get(column, Long.class);
            if (value == null) {
                throw new ProtocolException("the server sent NULL for a number that is never NULL");
            }
            return value;
        }

        @Override
        public @Nullable String text(int column) {
            return row.getString(column);
        }
    }
}
