package dev.howdah;

import dev.howdah.error.CommitRolledBackException;
import dev.howdah.error.PgException;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.TransactionStatus;
import dev.howdah.pump.BlockingPump;
import dev.howdah.pump.CallLimits;
import dev.howdah.session.Conversation;
import dev.howdah.session.Exchange;
import dev.howdah.session.QueryResult;
import dev.howdah.session.Session;
import dev.howdah.session.SimpleQuery;
import dev.howdah.session.StatementCache;
import dev.howdah.sql.SqlContext;
import dev.howdah.type.TypeRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the parts of one connection share. */
final class Core implements SqlContext {

    private final BlockingPump pump;
    private final StatementCache statements;
    private final Events events;
    private final AtomicLong names = new AtomicLong();
    private final SessionTraits traits = new SessionTraits(this);
    private volatile @Nullable String lastError;

    Core(BlockingPump pump, StatementCache statements, Events events) {
        this.pump = pump;
        this.statements = statements;
        this.events = events;
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

    /** Returns who hears of what happens to the connection. */
    Events events() {
        return events;
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

    /** Runs a conversation of the user's: with autocommit off, a transaction is begun before it if there is none. */
    <R> R run(Conversation<R> conversation, CallLimits limits) {
        return remembering(autocommit() ? conversation : new WithBegin<>(conversation), limits);
    }

    /**
     * Runs a conversation of the user's that may be a COMMIT, and throws if the server rolled back instead.
     *
     * @param first gives what the first statement of {@code sql} yielded
     */
    <R> R run(Conversation<R> conversation, String sql, Function<R, QueryResult> first, CallLimits limits) {
        return run(new CheckedCommit<>(conversation, sql, first), limits);
    }

    /** Runs what no transaction is begun for: what an operation goes on with, such as its next page, or the driver's own. */
    <R> R goOn(Conversation<R> conversation, CallLimits limits) {
        return remembering(conversation, limits);
    }

    private <R> R remembering(Conversation<R> conversation, CallLimits limits) {
        try {
            R result = pump.run(conversation, limits);
            lastError = null;
            return result;
        } catch (PgException e) {
            lastError = e.getMessage();
            throw e;
        }
    }

    /** Returns the message of what failed last, or null if the last operation went well. */
    @Nullable
    String lastError() {
        return lastError;
    }

    /** Runs a script of the driver's own. */
    List<QueryResult> script(String sql, CallLimits limits) {
        return remembering(Conversation.of(simple(sql)), limits);
    }

    /** Ends the transaction with COMMIT or PREPARE TRANSACTION, and throws if the server rolled back instead. */
    void end(String sql, CallLimits limits) {
        remembering(new CheckedCommit<>(Conversation.of(simple(sql)), sql, List::getLast), limits);
    }

    SimpleQuery simple(String sql) {
        return new SimpleQuery(sql, statements, statements.types());
    }

    /** Fails if a COMMIT or PREPARE TRANSACTION came back as ROLLBACK, which is all that the server says of it. */
    private final class CheckedCommit<R> implements Conversation<R> {
        private final Conversation<R> inner;
        private final String sql;
        private final Function<R, QueryResult> first;

        CheckedCommit(Conversation<R> inner, String sql, Function<R, QueryResult> first) {
            this.inner = inner;
            this.sql = sql;
            this.first = first;
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
        private @Nullable SimpleQuery begin;
        private boolean begun;

        WithBegin(Conversation<R> inner) {
            this.inner = inner;
        }

        @Override
        public @Nullable Exchange<?> next() {
            if (!begun) {
                begun = true;
                if (session().transactionStatus() == TransactionStatus.IDLE) {
                    SimpleQuery exchange = simple(traits.mode().beginSql());
                    begin = exchange;
                    return exchange;
                }
            }
            if (begin != null) {
                begin.result();
                begin = null;
            }
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
