package dev.howdah.session;

import dev.howdah.error.ProtocolException;
import dev.howdah.message.RowDescription;
import dev.howdah.type.TypeRegistry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens a cursor: has its query described, which also refuses a text of several statements, then makes it and asks for its
 * columns as they are now. A portal of the protocol brings its first rows in the same trip.
 */
final class CursorOpening extends PreparedRun<CursorTrip, SqlCursor.Opened> {

    private final SqlCursor.Plan plan;
    private final String sql;
    private final @Nullable Object[] parameters;
    private final int pageSize;
    private final TypeRegistry types;
    private @Nullable SqlCursor cursor;

    CursorOpening(
            Session session,
            StatementCache statements,
            SqlCursor.Plan plan,
            String sql,
            @Nullable Object[] parameters,
            int pageSize,
            TypeRegistry types) {
        super(session, statements, sql, types);
        BindEncoder.checkCount(parameters.length);
        this.plan = plan;
        this.sql = sql;
        this.parameters = parameters;
        this.pageSize = pageSize;
        this.types = types;
    }

    /** For a statement that the caller has prepared and owns. */
    CursorOpening(
            Session session,
            StatementCache statements,
            SqlCursor.Plan plan,
            OwnStatement own,
            @Nullable Object[] parameters,
            int pageSize,
            TypeRegistry types) {
        super(session, statements, own, types);
        BindEncoder.checkCount(parameters.length);
        this.plan = plan;
        this.sql = own.sql();
        this.parameters = parameters;
        this.pageSize = pageSize;
        this.types = types;
    }

    @Override
    CursorTrip bind(ServerStatement statement) {
        if (statement.shape() == null) {
            throw new IllegalArgumentException("a cursor is for a statement that returns rows; this one does not");
        }
        SqlCursor.requireTransaction(session(), plan);
        String text = plan.openingSql(sql);
        SqlCursor made = new SqlCursor(session(), statements(), types, plan, text, false);
        cursor = made;
        CursorTrip trip = new CursorTrip(made, text);
        if (plan.portal()) {
            return trip.bind(statement, parameters).describeCursor().execute(pageSize, null);
        }
        return trip.command(text, statement, parameters).describeCursor();
    }

    @Override
    Set<Integer> outdated(CursorTrip ran) {
        List<RowDescription.Field> fields = ran.fields();
        Set<Integer> oids = new HashSet<>(TypeProbe.outdated(ran.columns(), ran.rows()));
        if (fields != null) {
            oids.addAll(CursorAttachment.unknown(fields, statements()));
        }
        return oids;
    }

    @Override
    public SqlCursor.Opened result() {
        CursorTrip trip = ran().result();
        SqlCursor opened = cursor;
        List<RowDescription.Field> fields = trip.fields();
        if (opened == null || fields == null) {
            throw new ProtocolException("the server opened a cursor that has no columns");
        }
        return new SqlCursor.Opened(opened, opened.opened(trip, fields, pageSize));
    }
}
