package dev.howdah.session;

import dev.howdah.error.FailedTransactionException;
import dev.howdah.error.PgException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.RowDescription;
import dev.howdah.message.TransactionStatus;
import dev.howdah.type.TypeRegistry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cursor of the server: what it is called, what its columns are, where the server stands in it and whether it is still
 * there. Opening it, each page and the close are conversations. Used by one of them at a time.
 *
 * <p>A place is the index of the row that comes next, counted from 0.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-declare.html">DECLARE</a>
 */
public final class SqlCursor {

    /** The place is not known: behind the end, wherever that is. */
    private static final long SOMEWHERE = -1;

    private final Session session;
    private final StatementCache statements;
    private final TypeRegistry types;
    private final Plan plan;
    private final String quoted;
    private final @Nullable TransactionFate transaction;
    private final int cursorsClosedBefore;
    private final String sql;
    private @Nullable RowShape shape;
    private @Nullable String command;
    private String text;
    private long place;
    private long total = -1;
    private @Nullable PgException failure;
    private boolean missing;
    private boolean closed;

    /**
     * What a cursor is to be, or is.
     *
     * @param name as it is
     * @param quoted the name as it stands in SQL
     * @param scrollable whether it goes backwards
     * @param hold whether it outlives a COMMIT
     * @param portal whether it is a portal of the protocol, made without SQL
     */
    public record Plan(String name, String quoted, boolean scrollable, boolean hold, boolean portal) {

        /** Plans a cursor to be opened: DECLAREd only if it can do what a portal of the protocol cannot. */
        public static Plan of(String name, String quoted, boolean scrollable, boolean hold) {
            return new Plan(name, quoted, scrollable, hold, !scrollable && !hold);
        }

        /** Returns the text that opens it. */
        public String openingSql(String query) {
            return portal
                    ? query
                    : "DECLARE " + quoted + (scrollable ? " SCROLL" : " NO SCROLL") + " CURSOR"
                            + (hold ? " WITH HOLD" : "") + " FOR " + query;
        }
    }

    /**
     * Some rows of a cursor, one behind the other.
     *
     * @param shape their columns
     * @param rows the rows
     * @param reached false if the place they were to begin at is behind the last row
     */
    public record Page(RowShape shape, RowBuffer rows, boolean reached) {}

    /**
     * A cursor that has been opened, and its first rows.
     *
     * @param cursor the cursor
     * @param first its first page; empty if the trip that opened it brought none
     */
    public record Opened(SqlCursor cursor, Page first) {}

    /** Makes one that belongs to the transaction that is open now, if there is one, unless it is of an earlier one. */
    SqlCursor(
            Session session, StatementCache statements, TypeRegistry types, Plan plan, String sql, boolean ofEarlier) {
        this.session = session;
        this.statements = statements;
        this.types = types;
        this.plan = plan;
        this.sql = sql;
        this.text = sql;
        this.quoted = plan.quoted();
        this.transaction =
                ofEarlier || session.transactionStatus() == TransactionStatus.IDLE ? null : session.transaction();
        this.cursorsClosedBefore = session.cursorsClosed();
    }

    /**
     * Returns the conversation that opens a cursor.
     *
     * @param pageSize how many rows the trip that opens it may bring
     * @param types the scope that encodes and decodes: that of the cache or one within it
     */
    public static Conversation<Opened> open(
            Session session,
            StatementCache statements,
            Plan plan,
            String sql,
            @Nullable Object[] parameters,
            int pageSize,
            TypeRegistry types) {
        return new CursorOpening(session, statements, plan, sql, parameters, pageSize, types);
    }

    /** Returns the conversation that opens a cursor for a statement that the caller has prepared and owns. */
    public static Conversation<Opened> open(
            Session session,
            StatementCache statements,
            Plan plan,
            OwnStatement own,
            @Nullable Object[] parameters,
            int pageSize,
            TypeRegistry types) {
        return new CursorOpening(session, statements, plan, own, parameters, pageSize, types);
    }

    /**
     * Returns the conversation that finds a cursor which exists already.
     *
     * @param name as it is
     * @param quoted the name as it stands in SQL
     * @param types the scope that decodes: that of the cache or one within it
     */
    public static Conversation<SqlCursor> attach(
            Session session, StatementCache statements, String name, String quoted, TypeRegistry types) {
        return new CursorAttachment(session, statements, name, quoted, types);
    }

    /**
     * Refuses to open a cursor that would be gone at once.
     *
     * @throws IllegalStateException if there is no transaction and the cursor needs one
     */
    public static void requireTransaction(Session session, Plan plan) {
        if (!plan.hold() && session.transactionStatus() == TransactionStatus.IDLE) {
            throw new IllegalStateException(
                    "the cursor " + plan.quoted()
                            + " would be gone at once: outside a transaction each statement is one of its own. Open it inside one"
                            + " (db.begin()), make it one that stays (withHold(true)), or use db.stream(...), which needs neither");
        }
    }

    /**
     * Returns the conversation that reads a page.
     *
     * @param start the place of its first row; not before the one that comes next unless the cursor is scrollable
     * @param count how many rows at most, at least 1; 0 for all that are left
     */
    public Conversation<Page> page(long start, int count) {
        return new CursorPage(this, start, count);
    }

    /** Returns the conversation that asks whether the cursor can be used now, and fails if not. */
    public Conversation<Boolean> check() {
        return new CursorStep(this, false);
    }

    /** Returns the conversation that closes the cursor if it is still there; then it yields true. */
    public Conversation<Boolean> close() {
        return new CursorStep(this, true);
    }

    /** Returns whether it goes backwards. */
    public boolean isScrollable() {
        return plan.scrollable();
    }

    /** Returns its columns. */
    public RowShape shape() {
        RowShape known = shape;
        if (known == null) {
            throw new IllegalStateException("the cursor has not been described");
        }
        return known;
    }

    /** Returns where the server stands, or a negative number if that is not known. */
    public long place() {
        return place;
    }

    /** Returns how many rows it has in all, or -1 as long as that is not known. */
    public long total() {
        return total;
    }

    /** Returns how the server said the last command ended, or null if it has not said so of any. */
    public @Nullable String commandTag() {
        return command;
    }

    /** Returns the text that was sent last. */
    public String text() {
        return text;
    }

    /**
     * Throws if the cursor cannot be used any more.
     *
     * @throws IllegalStateException if it is gone or broken; the message says why
     */
    public void requireUsable() {
        String why = whyGone();
        if (why != null) {
            throw new IllegalStateException("the cursor " + quoted + " is gone: " + why, failure);
        }
        if (failure != null) {
            throw new IllegalStateException(
                    "the cursor " + quoted
                            + " cannot go on: an earlier call failed, and the server does not run it again",
                    failure);
        }
    }

    /** Returns why the server has no such cursor any more, or null if it should have it. */
    private @Nullable String whyGone() {
        if (closed) {
            return "it has been closed";
        }
        TransactionFate.End end = transaction == null ? null : transaction.end();
        if (end == TransactionFate.End.ROLLED_BACK) {
            return "its transaction was rolled back";
        }
        if (end != null && !plan.hold()) {
            return end == TransactionFate.End.COMMITTED
                    ? "its transaction was committed"
                    : "its transaction was prepared for a two-phase commit";
        }
        if (session.cursorsClosed() != cursorsClosedBefore) {
            return "CLOSE ALL or DISCARD ALL has closed it";
        }
        return missing ? "the server does not have it any more" : null;
    }

    /** Returns whether there is nothing to close: the server has no such cursor any more, as far as is known. */
    public boolean isGone() {
        return whyGone() != null || !session.isOpen();
    }

    /** Notes that it has been closed. */
    void closed() {
        closed = true;
    }

    /** Notes that a trip failed. In a transaction that had failed before, nothing was done at all. */
    void failed(PgException cause) {
        if (cause instanceof FailedTransactionException) {
            return;
        }
        failure = cause;
        if (cause instanceof ServerException error && error.sqlState().equals(SqlState.INVALID_CURSOR_NAME)) {
            missing = true;
            error.remark("The cursor " + quoted + " is not there any more: a rollback to a savepoint from before it was"
                    + " opened ends it, and so does a CLOSE");
        }
    }

    String name() {
        return plan.name();
    }

    Session session() {
        return session;
    }

    StatementCache statements() {
        return statements;
    }

    TypeRegistry types() {
        return types;
    }

    /** Notes what the columns are, or are decoded with from now on. */
    void shape(RowShape columns) {
        shape = columns;
    }

    /** Notes where the server stands. */
    void place(long known) {
        place = known;
    }

    /** Notes that the server stands behind the last row, and how many there are. */
    void endsAt(long rows) {
        place = rows;
        total = rows;
    }

    /** Makes the trip that reads a page. */
    CursorTrip trip(long start, int count) {
        List<String> moves = moves(start);
        text = plan.portal() ? sql : "FETCH FORWARD " + (count == 0 ? "ALL" : count) + " FROM " + quoted;
        CursorTrip trip = new CursorTrip(this, text);
        moves.forEach(trip::command);
        return plan.portal() ? trip.execute(count, shape()) : trip.fetch(text, shape());
    }

    /** Returns the commands that bring the server to a place. */
    List<String> moves(long to) {
        List<String> moves = new ArrayList<>();
        if (to == place) {
            return moves;
        }
        long left;
        if (plan.scrollable()) {
            long first = Math.min(to, Integer.MAX_VALUE);
            moves.add("MOVE ABSOLUTE " + first + " FROM " + quoted);
            left = to - first;
        } else if (to > place && place != SOMEWHERE) {
            left = to - place;
        } else {
            throw new IllegalStateException("the cursor " + quoted + " only goes forward");
        }
        if (left / Integer.MAX_VALUE > MAX_MOVES) {
            moves.add("MOVE FORWARD ALL FROM " + quoted);
            return moves;
        }
        for (; left > 0; left -= Math.min(left, Integer.MAX_VALUE)) {
            moves.add("MOVE FORWARD " + Math.min(left, Integer.MAX_VALUE) + " FROM " + quoted);
        }
        return moves;
    }

    /** No result has so many times two billion rows. */
    private static final int MAX_MOVES = 1000;

    /** Takes what a trip brought, and notes where the server stands now. */
    Page arrived(CursorTrip trip, long start, int count) {
        List<CommandComplete> ended = trip.commands();
        RowBuffer rows = trip.rows();
        RowShape columns = RowShape.renewed(trip.columns());
        shape = columns;
        if (!ended.isEmpty()) {
            command = ended.getLast().tag();
        }
        boolean reached = true;
        if (rows.size() > 0 || start == place) {
            place = start + rows.size();
            if (plan.portal() ? !trip.isSuspended() : count == 0 || rows.size() < count) {
                total = place;
            }
        } else {
            reached = behindTheMoves(ended.subList(0, Math.max(0, ended.size() - 1)), start);
        }
        return new Page(shape(), rows, reached);
    }

    /** Takes what the trip brought that opened it. */
    Page opened(CursorTrip trip, List<RowDescription.Field> fields, int pageSize) {
        if (plan.portal()) {
            return arrived(trip, 0, pageSize);
        }
        shape = RowShape.ofStatement(fields, types);
        command = trip.commands().getLast().tag();
        return new Page(shape(), trip.rows(), true);
    }

    /** There is no row where the moves went: they went to the end or were to go beyond it. */
    private boolean behindTheMoves(List<CommandComplete> moves, long start) {
        long moved = 0;
        for (CommandComplete move : moves) {
            moved += move.rowCount();
        }
        if (!plan.scrollable()) {
            total = place + moved;
            place = total;
            return total == start;
        }
        // MOVE ABSOLUTE says 1 if it came to a row; the moves behind it say how many they passed.
        long first = Math.min(start, Integer.MAX_VALUE);
        boolean reached = start == 0 || moved == 1 + (start - first);
        if (reached) {
            total = start;
        }
        place = reached ? start : SOMEWHERE;
        return reached;
    }
}
