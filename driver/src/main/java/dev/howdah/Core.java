package dev.howdah;

import dev.howdah.error.CommitRolledBackException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.message.CommandComplete;
import dev.howdah.pump.BlockingPump;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.Occupant;
import dev.howdah.session.BatchOutcome;
import dev.howdah.session.Conversation;
import dev.howdah.session.Exchange;
import dev.howdah.session.LeadingKeyword;
import dev.howdah.session.ManySets;
import dev.howdah.session.ObjectPipe;
import dev.howdah.session.Portal;
import dev.howdah.session.QueryResult;
import dev.howdah.session.RowBuffer;
import dev.howdah.session.Session;
import dev.howdah.session.Shareable;
import dev.howdah.session.SimpleQuery;
import dev.howdah.session.SqlCursor;
import dev.howdah.session.StatementCache;
import dev.howdah.sql.SqlContext;
import dev.howdah.type.TypeRegistry;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the parts of one connection share. */
final class Core implements SqlContext {

    private static final @Nullable Object[] NO_PARAMETERS = {};

    private final BlockingPump pump;
    private final StatementCache statements;
    private final Events events;
    private final QueryLog log;
    private final ObjectPipe objects;
    private final AtomicLong names = new AtomicLong();
    private final SessionTraits traits = new SessionTraits(this);
    private final boolean walSender;
    private volatile boolean streamed;
    private volatile @Nullable String lastError;

    /**
     * Makes them.
     *
     * @param walSender whether the server process is one that replicates, which knows the simple protocol only
     */
    Core(BlockingPump pump, StatementCache statements, Events events, boolean walSender) {
        this.walSender = walSender;
        this.pump = pump;
        this.statements = statements;
        this.events = events;
        this.log = new QueryLog(pump);
        this.objects = new ObjectPipe(pump.session(), statements);
    }

    BlockingPump pump() {
        return pump;
    }

    Session session() {
        return pump.session();
    }

    StatementCache statements() {
        return statements;
    }

    /** Returns whether the server process is one that replicates. */
    boolean isWalSender() {
        return walSender;
    }

    /** Notes that the server process has begun a replication stream. */
    void noteStream() {
        streamed = true;
    }

    /** Returns whether the server process has ever begun a replication stream. */
    boolean hasStreamed() {
        return streamed;
    }

    /** Returns who hears of what happens to the connection. */
    Events events() {
        return events;
    }

    /** Returns who hears of operations. */
    QueryLog log() {
        return log;
    }

    /** Returns what all requests for open large objects go through. */
    ObjectPipe objects() {
        return objects;
    }

    /** Waits until nothing of a large object is under way. */
    void settleObjects(CallLimits limits) {
        if (objects.isActive()) {
            pump.run(objects.before(Conversation.nothing()), limits);
        }
    }

    @Override
    public TypeRegistry types() {
        return statements.types();
    }

    /** The server reports each change of it, also that of a SET within a function or a rollback. */
    @Override
    public boolean standardConformingStrings() {
        return session().standardConformingStrings();
    }

    boolean autocommit() {
        return traits.autocommit();
    }

    /** Returns what transactions begin with. */
    SessionTraits traits() {
        return traits;
    }

    /** Forgets what the server has forgotten. */
    void forget() {
        statements.discarded();
        traits.reset();
        lastError = null;
    }

    /** Returns a name that this connection has not used for a portal or savepoint. */
    String newName(String kind) {
        return "howdah_" + kind + "_" + names.incrementAndGet();
    }

    /**
     * Runs a conversation of the user's: with autocommit off, a transaction is begun before it if there is none.
     *
     * @param sql as the caller gave it
     * @param parameters as the caller gave them
     */
    <R> R run(Conversation<R> conversation, Kind kind, String sql, @Nullable Object[] parameters, CallLimits limits) {
        return remembering(begun(conversation, limits), null, kind, sql, parameters, limits);
    }

    /** Runs a batch of the user's; what fails says which set of parameters it was. */
    BatchOutcome run(ManySets batch, String sql, CallLimits limits) {
        return remembering(begun(batch, limits), batch, Kind.BATCH, sql, NO_PARAMETERS, limits);
    }

    /** Runs what the driver asks for itself to do what the user wants; no logger is told of it. */
    <R> R runOwn(Conversation<R> conversation, CallLimits limits) {
        return remembering(begun(conversation, limits), null, null, "", NO_PARAMETERS, limits);
    }

    private <R> Conversation<R> begun(Conversation<R> conversation, CallLimits limits) {
        return autocommit() ? conversation : new WithBegin<>(conversation, limits);
    }

    /**
     * Runs a conversation of the user's that may be a COMMIT, and throws if the server rolled back instead.
     *
     * @param sql as the caller gave it
     * @param parameters as the caller gave them
     * @param first gives what the first statement of {@code sql} yielded
     */
    <R> R run(
            Conversation<R> conversation,
            Kind kind,
            String sql,
            @Nullable Object[] parameters,
            Function<R, QueryResult> first,
            CallLimits limits) {
        return run(new CheckedCommit<>(conversation, sql, first), kind, sql, parameters, limits);
    }

    /** Runs what no transaction is begun for: what an operation goes on with, such as its next page. */
    <R> R goOn(Conversation<R> conversation, Kind kind, String sql, CallLimits limits) {
        return remembering(conversation, null, kind, sql, NO_PARAMETERS, limits);
    }

    /** Goes on with a cursor; what is logged is the text that was sent for it. */
    <R> R goOn(Conversation<R> conversation, Kind kind, SqlCursor cursor, CallLimits limits) {
        return remembering(conversation, cursor, kind, "", NO_PARAMETERS, limits);
    }

    /** Cleans up behind an operation, whose outcome stays what is remembered. */
    <R> void cleanUp(Conversation<R> conversation, Kind kind, String sql, CallLimits limits) {
        logged(conversation, null, kind, sql, NO_PARAMETERS, limits);
    }

    private <R> R remembering(
            Conversation<R> conversation,
            @Nullable Object source,
            @Nullable Kind kind,
            String sql,
            @Nullable Object[] parameters,
            CallLimits limits) {
        try {
            R result = logged(conversation, source, kind, sql, parameters, limits);
            lastError = null;
            return result;
        } catch (PgException e) {
            lastError = e.getMessage();
            throw e;
        }
    }

    /**
     * Runs a conversation and tells of it.
     *
     * @param source the batch or cursor that it is of, null for anything else
     * @param kind null if nobody is to be told, but of a BEGIN before it
     */
    private <R> R logged(
            Conversation<R> conversation,
            @Nullable Object source,
            @Nullable Kind kind,
            String sql,
            @Nullable Object[] parameters,
            CallLimits limits) {
        QueryLog.Watch watch = log.watch();
        R result = null;
        Throwable failure = null;
        try {
            result = pump.run(objects.before(conversation), limits);
            return result;
        } catch (RuntimeException | Error e) {
            if (source instanceof ManySets batch && e instanceof PgException failed) {
                batch.blame(failed);
            }
            failure = e;
            throw e;
        } finally {
            if (watch != null) {
                watch.stop();
                if (conversation instanceof WithBegin<?> begun) {
                    begun.tell(failure);
                }
                if (kind != null) {
                    String text = source instanceof SqlCursor cursor ? cursor.text() : sql;
                    int sets = source instanceof ManySets batch ? batch.sets() : 0;
                    boolean none = failure != null || kind == Kind.CLOSE;
                    long rows = none ? -1 : source instanceof ManySets batch ? batch.total() : rows(result);
                    watch.tell(kind, text, parameters, sets, limits.timeout(), rows, failure);
                }
            }
        }
    }

    /** Returns how many rows a result has or says, or -1. */
    private static long rows(@Nullable Object result) {
        return switch (result) {
            case QueryResult one -> one.command() == null ? -1 : one.command().rowCount();
            case List<?> several -> several.isEmpty() ? -1 : rows(several.getLast());
            case Portal.FirstPage first -> first.rows().size();
            case SqlCursor.Opened opened -> opened.first().rows().size();
            case SqlCursor.Page page -> page.rows().size();
            case RowBuffer page -> page.size();
            case null, default -> -1;
        };
    }

    /** Notes how an answer of a pipeline turned out. */
    void remember(@Nullable Throwable failure) {
        lastError = failure == null ? null : failure.getMessage();
    }

    /** Has what the connection is used for for several operations end as it should, because somebody takes the connection. */
    void makeWay(String why) {
        Occupant open = pump.leases().holder();
        if (open != null) {
            open.giveWay(why);
        }
    }

    /** Cancels what runs now; returns false if nothing does. */
    boolean cancel() {
        try {
            return pump.cancel();
        } catch (IOException e) {
            throw new ConnectionLostException("The cancel request could not be delivered", null, Delivery.UNKNOWN, e);
        }
    }

    /** Returns the message of what failed last, or null if the last operation went well. */
    @Nullable
    String lastError() {
        return lastError;
    }

    /** Runs a script of the driver's own that begins or ends a transaction or savepoint. */
    List<QueryResult> script(String sql, CallLimits limits) {
        return goOn(Conversation.of(simple(sql)), Kind.TRANSACTION, sql, limits);
    }

    /** Runs a script of the driver's own that changes the session. */
    List<QueryResult> command(String sql, CallLimits limits) {
        return goOn(Conversation.of(simple(sql)), Kind.SESSION, sql, limits);
    }

    /** Ends the transaction with COMMIT or PREPARE TRANSACTION, and throws if the server rolled back instead. */
    void end(String sql, CallLimits limits) {
        goOn(new CheckedCommit<>(Conversation.of(simple(sql)), sql, List::getLast), Kind.TRANSACTION, sql, limits);
    }

    SimpleQuery simple(String sql) {
        return new SimpleQuery(sql, statements, statements.types());
    }

    /** Fails if a COMMIT or PREPARE TRANSACTION came back as ROLLBACK, which is all that the server says of it. */
    private final class CheckedCommit<R> implements Shareable<R> {
        private final Conversation<R> inner;
        private final String sql;
        private final Function<R, QueryResult> first;

        CheckedCommit(Conversation<R> inner, String sql, Function<R, QueryResult> first) {
            this.inner = inner;
            this.sql = sql;
            this.first = first;
        }

        @Override
        public boolean mayShare() {
            return inner instanceof Shareable<R> shareable && shareable.mayShare();
        }

        @Override
        public void restart() {
            if (inner instanceof Shareable<R> shareable) {
                shareable.restart();
            }
        }

        @Override
        public @Nullable Exchange<?> next() {
            return inner.next();
        }

        @Override
        public void feed() {
            inner.feed();
        }

        @Override
        public R result() {
            R result = inner.result();
            CommandComplete command = first.apply(result).command();
            if (command != null && command.tag().equals("ROLLBACK") && isRolledBack()) {
                throw new CommitRolledBackException(session().abortedBy());
            }
            return result;
        }

        /** Outside a transaction there was nothing to prepare, which the server answers in the same way. */
        private boolean isRolledBack() {
            return LeadingKeyword.isCommit(sql)
                    || LeadingKeyword.isPrepare(sql) && session().abortedBy() != null;
        }
    }

    private final class WithBegin<R> implements Conversation<R> {
        private final Conversation<R> inner;
        private final Beginning beginning;
        private boolean begun;

        WithBegin(Conversation<R> inner, CallLimits limits) {
            this.inner = inner;
            this.beginning = new Beginning(Core.this, limits);
        }

        void tell(@Nullable Throwable failure) {
            beginning.tell(failure);
        }

        @Override
        public @Nullable Exchange<?> next() {
            if (!begun) {
                begun = true;
                if (beginning.isNeeded()) {
                    return beginning.begin();
                }
            }
            beginning.end();
            return inner.next();
        }

        @Override
        public void feed() {
            inner.feed();
        }

        @Override
        public R result() {
            return inner.result();
        }
    }
}
