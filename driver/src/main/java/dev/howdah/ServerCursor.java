package dev.howdah;

import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.pump.CallLimits;
import dev.howdah.session.Conversation;
import dev.howdah.session.OwnStatement;
import dev.howdah.session.RowBuffer;
import dev.howdah.session.SqlCursor;
import dev.howdah.sql.AdaptedStatement;
import dev.howdah.sql.Sql;
import dev.howdah.sql.SqlContext;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A cursor of the server: the result stays there, and rows come a page at a time, in constant memory. {@link
 * PgConnection#cursor(String)} makes it, {@link #execute(String, Object...)} opens it:
 *
 * <pre>{@code
 * try (Transaction tx = db.begin();
 *         ServerCursor cursor = db.cursor("big").execute("select * from measurement")) {
 *     for (Row row : cursor) { ... }
 *     tx.commit();
 * }
 * }</pre>
 *
 * <p>One that has not been opened attaches itself to a cursor of its name that exists already, with the first call that
 * needs one, or with {@link #attach()}: one that SQL has DECLAREd, or a {@code refcursor} that a function returned.
 *
 * <p><b>How long it lives.</b> As long as its transaction; with {@link #withHold(boolean)} until it is closed, unless its
 * transaction is rolled back. A call after that throws an {@link IllegalStateException} that says what ended it, whether
 * or not there are rows that have been read ahead. What the server alone knows of, as a rollback to a savepoint, is its
 * error 34000. When a call has failed on the server the cursor cannot go on, and the transaction has failed.
 *
 * <p><b>Reading ahead.</b> All calls share one buffer of a page, so the server usually stands further on than this does.
 * For {@code UPDATE ... WHERE CURRENT OF} it has to stand on the row fetched last: {@code fetchSize(1)} and {@link
 * #fetchOne()} or iteration see to that. Moving the cursor by FETCH or MOVE in SQL as well is not noticed here.
 *
 * <p><b>How it is opened.</b> One that neither scrolls nor is held is a portal of the protocol, which needs no DECLARE: it
 * takes what returns rows, INSERT ... RETURNING as well, and its first page comes with execute. The others are DECLAREd,
 * which takes SELECT and VALUES. pg_cursors shows all of them.
 *
 * <p>Used by one thread at a time.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-declare.html">DECLARE</a>
 * @see <a href="https://www.postgresql.org/docs/current/sql-fetch.html">FETCH</a>
 */
public class ServerCursor extends BaseCursor {

    /** What a page is to take if no size was set, in bytes. */
    private static final long DEFAULT_MEMORY_TARGET = 1024 * 1024;

    private final Core core;
    private final String name;
    private final String quoted;
    private boolean scrollable;
    private boolean hold;
    private int fetchSize;
    private long memoryTarget = DEFAULT_MEMORY_TARGET;
    private @Nullable String queryText;
    private @Nullable CursorWindow window;

    /**
     * Makes one that is not open. Sends nothing.
     *
     * @param name as it is, not quoted; at most 63 bytes in UTF-8
     * @throws IllegalArgumentException if it cannot be a name
     */
    protected ServerCursor(PgConnection connection, String name) {
        super(connection);
        this.core = connection.verbs().core();
        this.name = name;
        this.quoted = ServerName.quoted("a cursor", name);
    }

    /** Has a factory of the user's make a cursor, and looks at what it made. */
    @SuppressWarnings("NullAway") // what users return is not checked by a compiler
    static <C extends ServerCursor> C made(ServerCursorFactory<C> factory, PgConnection connection, String name) {
        ServerName.quoted("a cursor", name);
        C cursor = factory.create(connection, name);
        if (cursor == null) {
            throw new IllegalStateException("the cursor factory returned null: it has to make a cursor");
        }
        if (cursor.connection() != connection || !cursor.name().equals(name)) {
            throw new IllegalStateException("the cursor factory returned a cursor of another connection or name: it has"
                    + " to make one of those that it is given");
        }
        return cursor;
    }

    /** Returns its name, not quoted. */
    public final String name() {
        return name;
    }

    /**
     * Sets whether {@link #scroll(long, ScrollMode)} may go backwards; if not set, it may not.
     *
     * @return this
     * @throws IllegalStateException if it is open
     */
    public ServerCursor scrollable(boolean yes) {
        requireNotOpen();
        scrollable = yes;
        return this;
    }

    /**
     * Sets whether it outlives its transaction; if not set, it does not. One that does may be opened outside a transaction;
     * its whole result is then computed at once and kept on the server until it is closed, as it is at the COMMIT of the
     * transaction that it was opened in.
     *
     * @return this
     * @throws IllegalStateException if it is open
     */
    public ServerCursor withHold(boolean yes) {
        requireNotOpen();
        hold = yes;
        return this;
    }

    /**
     * Sets how many rows a page has. If not set, pages adapt to {@link #memoryTarget(long)}.
     *
     * @param rows at least 1
     * @return this
     * @throws IllegalStateException if it is open
     */
    public ServerCursor fetchSize(int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("the fetch size is at least 1, not " + rows);
        }
        requireNotOpen();
        fetchSize = rows;
        return this;
    }

    /**
     * Sets how much memory a page is to take if no fetch size is set; 1 MiB if this is not set either. The first page is
     * small, and each next one is at most four times the one before, as large as the rows so far make it. It is a target and
     * no limit: large rows that come suddenly behind small ones may exceed it for one page. Where that is too much, set the
     * fetch size.
     *
     * @param bytes at least 1
     * @return this
     * @throws IllegalStateException if it is open
     */
    public ServerCursor memoryTarget(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("the memory target is at least 1 byte, not " + bytes);
        }
        requireNotOpen();
        memoryTarget = bytes;
        return this;
    }

    private void requireNotOpen() {
        requireOpen();
        if (window != null) {
            throw new IllegalStateException("the cursor " + quoted + " is open: it takes no settings any more");
        }
    }

    /**
     * Opens the cursor for a query. If it is open it is closed first.
     *
     * @param sql one statement that returns rows
     * @param parameters the values for {@code $1, $2 ...}
     * @return this
     * @throws IllegalStateException outside a transaction, unless it is {@linkplain #withHold(boolean) held}; or if it has
     *     been closed
     * @throws IllegalArgumentException if the statement returns no rows, or the count of values is not what it takes
     */
    @Override
    public ServerCursor execute(String sql, @Nullable Object... parameters) {
        Verbs verbs = verbs();
        SqlContext context = verbs.sqlContext();
        AdaptedStatement adapted = AdaptedStatement.of(sql, Verbs.orNone(parameters), context);
        return open(
                sql,
                Verbs.orNone(parameters),
                (plan, pageSize) -> SqlCursor.open(
                        core.session(),
                        core.statements(),
                        plan,
                        adapted.sql(),
                        adapted.parameters(),
                        pageSize,
                        context.types()));
    }

    /**
     * Opens the cursor for a query that has been prepared; see {@link #execute(String, Object...)}. It goes on when that has
     * been closed.
     *
     * @param query of this connection
     * @throws IllegalArgumentException if it is of another connection, too
     */
    public ServerCursor execute(PreparedQuery query, @Nullable Object... parameters) {
        OwnStatement own = query.ownedBy(core);
        @Nullable Object[] values = query.values(parameters);
        return open(
                own.sql(),
                query.shown(parameters),
                (plan, pageSize) -> SqlCursor.open(
                        core.session(),
                        core.statements(),
                        plan,
                        own,
                        values,
                        pageSize,
                        verbs().sqlContext().types()));
    }

    private ServerCursor open(
            String sql,
            @Nullable Object[] given,
            BiFunction<SqlCursor.Plan, Integer, Conversation<SqlCursor.Opened>> opening) {
        requireOpen();
        closeOnServer();
        window = null;
        SqlCursor.Plan plan = SqlCursor.Plan.of(name, quoted, scrollable, hold);
        CallLimits limits = limits();
        core.pump().inTurn(limits, () -> window = openInTurn(plan, sql, given, opening, limits));
        return this;
    }

    /** Whether a transaction is open, and whose, is known only once the turn has come. */
    private CursorWindow openInTurn(
            SqlCursor.Plan plan,
            String sql,
            @Nullable Object[] given,
            BiFunction<SqlCursor.Plan, Integer, Conversation<SqlCursor.Opened>> opening,
            CallLimits limits) {
        if (core.autocommit() && core.session().isOpen()) {
            SqlCursor.requireTransaction(core.session(), plan);
        }
        String text = plan.openingSql(sql);
        queryText = text;
        PageSize pages = pages();
        SqlCursor.Opened opened = core.run(opening.apply(plan, pages.next()), Kind.OPEN, text, given, limits);
        return new CursorWindow(core, opened.cursor(), pages, opened.first());
    }

    /** Opens the cursor for a composed query; see {@link #execute(String, Object...)}. */
    @Override
    public ServerCursor execute(Sql sql, @Nullable Object... parameters) {
        super.execute(sql, parameters);
        return this;
    }

    /**
     * Attaches this to a cursor of its name that exists on the server. Whether it scrolls and is held is as it was opened
     * there. If it scrolls, its rows count from its first one, and the server walks there and back to say where it stands;
     * if not, from where it stands now.
     *
     * @return this
     * @throws IllegalStateException if there is none, which does not fail the transaction; if this is open, or has been
     *     closed
     */
    public ServerCursor attach() {
        requireNotOpen();
        Verbs verbs = verbs();
        Conversation<SqlCursor> attaching = SqlCursor.attach(
                core.session(),
                core.statements(),
                name,
                quoted,
                verbs.sqlContext().types());
        window = CursorWindow.at(
                core, core.goOn(attaching, Kind.OPEN, "MOVE RELATIVE 0 FROM " + quoted, verbs.limits()), pages());
        return this;
    }

    private PageSize pages() {
        return fetchSize > 0 ? PageSize.of(fetchSize) : PageSize.within(memoryTarget);
    }

    /** Returns what has been read of the open cursor, or of the one that exists on the server. */
    private CursorWindow opened() {
        requireOpen();
        CursorWindow open = window;
        if (open == null) {
            attach();
            open = window;
        }
        if (open == null) {
            throw new IllegalStateException("the cursor " + quoted + " is not open");
        }
        return open;
    }

    private CallLimits limits() {
        return verbs().limits();
    }

    @Override
    public @Nullable Row fetchOne() {
        return opened().fetchOne(limits());
    }

    @Override
    boolean hasMore() {
        return opened().hasMore(limits());
    }

    /**
     * Returns the next rows: those that have been read ahead, and the rest in one round trip.
     *
     * @param count how many at most, at least 0; for 0 nothing is sent
     * @return fewer where there are no more, none behind the last one
     */
    @Override
    public Rows fetchMany(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("the count of rows is at least 0, not " + count);
        }
        requireOpen();
        if (count == 0 && window == null) {
            return new Rows(null, RowBuffer.empty(), "");
        }
        return opened().fetchMany(count, limits());
    }

    /** Returns all rows that are left, in memory at once. */
    @Override
    public Rows fetchAll() {
        return opened().fetchAll(limits());
    }

    /**
     * Moves to where the next row is fetched from; the place behind the last row is one, too. Nothing is sent if it is
     * within what has been read.
     *
     * @throws IndexOutOfBoundsException if there is no such place. This then stands where it stood if it is scrollable;
     *     if not, behind the last row, since only going there tells
     * @throws IllegalStateException if that is backwards and the cursor is not scrollable; nothing has happened then
     */
    @Override
    public void scroll(long value, ScrollMode mode) {
        opened().scroll(value, mode, limits());
    }

    /** Returns how many rows there are in all; -1 as long as their end has not been seen. */
    @Override
    public long rowCount() {
        CursorWindow open = window;
        return open == null ? -1 : open.cursor().total();
    }

    /** Returns the index of the row that is fetched next, counted from 0 over the whole result; -1 if it is not open. */
    @Override
    public long rowNumber() {
        CursorWindow open = window;
        return open == null ? -1 : open.place();
    }

    /** Returns what the columns are; empty if it is not open. */
    @Override
    public List<Column> columns() {
        CursorWindow open = window;
        return open == null ? List.of() : Columns.of(open.shape());
    }

    /**
     * Returns how the server said the last command ended, such as {@code DECLARE CURSOR} or {@code FETCH 5}; empty before the
     * first. A portal of the protocol says so when its last row has been read.
     */
    @Override
    public String statusMessage() {
        CursorWindow open = window;
        String tag = open == null ? null : open.cursor().commandTag();
        return tag == null ? "" : tag;
    }

    @Override
    public @Nullable String queryText() {
        CursorWindow open = window;
        return open == null ? queryText : open.cursor().text();
    }

    /**
     * Closes it on the server, also if this was attached. Nothing is sent if it is known to be gone, so an error that ended it
     * stays the only one. It has no time limit. Does nothing if it is closed.
     */
    @Override
    public void close() {
        super.close();
        closeOnServer();
    }

    private void closeOnServer() {
        CursorWindow open = window;
        if (open != null && !open.cursor().isGone()) {
            core.goOn(open.cursor().close(), Kind.CLOSE, "CLOSE " + quoted, CallLimits.CLEANUP);
        }
    }
}
