package dev.howdah.session;

import dev.howdah.error.ConversionException;
import dev.howdah.error.PgException;
import dev.howdah.message.IntList;
import dev.howdah.message.TransactionStatus;
import dev.howdah.type.TypeRegistry;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What every use of a prepared statement goes through: look for it, prepare it if it is not there, run it; and when the
 * server does not take it any more (its result changed, or somebody dropped it), prepare it again and run once more.
 * Inside a transaction that the error has aborted, the error is the caller's.
 *
 * @param <E> the exchange that runs it
 * @param <R> what the conversation yields
 */
abstract class PreparedRun<E extends QueryExchange<?>, R> implements Conversation<R> {

    private final Session session;
    private final StatementCache statements;
    private final String sql;
    private final @Nullable OwnStatement own;
    private final TypeRegistry types;
    private TypeLookup lookup;
    private @Nullable Prepare preparation;
    private @Nullable ServerStatement statement;
    private @Nullable E run;
    /** The statement was there before this run: what is known of it may be outdated. */
    private boolean known;

    private boolean healed;
    private RowTypes rowTypes;

    /**
     * Runs the statement that the cache has or gets for {@code sql}.
     *
     * @param types the scope that encodes and decodes: that of the cache or one within it
     */
    PreparedRun(Session session, StatementCache statements, String sql, TypeRegistry types) {
        this.types = types;
        this.session = session;
        this.statements = statements;
        this.sql = sql;
        this.own = null;
        this.lookup = new TypeLookup(statements);
        this.rowTypes = new RowTypes(session, statements);
    }

    /** Runs a statement that the caller has prepared and owns. */
    PreparedRun(Session session, StatementCache statements, OwnStatement own, TypeRegistry types) {
        this.types = types;
        this.session = session;
        this.statements = statements;
        this.sql = own.sql();
        this.own = own;
        this.lookup = new TypeLookup(statements);
        this.rowTypes = new RowTypes(session, statements);
    }

    /** Makes the exchange that runs the statement; parameters are encoded here. */
    abstract E bind(ServerStatement statement);

    /** Returns the types that the rows received show to be known wrongly or not at all. */
    Set<Integer> outdated(E exchange) {
        return Set.of();
    }

    /** Returns whether {@link #bind} can be called a second time. */
    boolean mayRunAgain() {
        return true;
    }

    /** Returns the OIDs of the types that the parameters are to have; none if the server is to say. */
    IntList parameterTypes() {
        return IntList.EMPTY;
    }

    final String sql() {
        return sql;
    }

    /** Forgets how far it came. */
    final void beginAnew() {
        lookup = new TypeLookup(statements);
        rowTypes = new RowTypes(session, statements);
        preparation = null;
        statement = null;
        run = null;
        known = false;
        healed = false;
    }

    final Session session() {
        return session;
    }

    final StatementCache statements() {
        return statements;
    }

    /** Returns whether the statement has been run, or is. */
    final boolean isRunning() {
        return run != null;
    }

    /** Returns the exchange that ran last. */
    final E ran() {
        if (run == null) {
            throw new IllegalStateException("the statement has not been run");
        }
        return run;
    }

    @Override
    public final @Nullable Exchange<?> next() {
        if (run != null) {
            return afterRun(run);
        }
        if (statement != null) {
            return learn(statement);
        }
        if (preparation != null) {
            ServerStatement prepared = preparation.result();
            preparation = null;
            if (own == null) {
                statements.put(prepared);
            } else {
                own.renew(prepared);
            }
            return learn(prepared);
        }
        return start();
    }

    /** Finds out about types that are not known, then runs the statement. An aborted transaction answers no questions. */
    private Exchange<?> learn(ServerStatement prepared) {
        statement = prepared;
        if (lookup.isRunning() || !prepared.hasLookedUp() && session.transactionStatus() != TransactionStatus.FAILED) {
            Introspection question = lookup.next(prepared.typeOids());
            if (question != null) {
                return question;
            }
            prepared.lookedUp();
        }
        try {
            E exchange = bind(prepared.in(types));
            run = exchange;
            return exchange;
        } catch (ConversionException e) {
            return describeAgain(prepared, e);
        }
    }

    /** The parameters may have other types by now than when the statement was described. */
    private Exchange<?> describeAgain(ServerStatement refusing, ConversionException refusal) {
        if (!known || healed || session.transactionStatus() == TransactionStatus.FAILED) {
            throw refusal;
        }
        healed = true;
        statement = null;
        drop(refusing);
        return prepare();
    }

    private Prepare prepare() {
        Prepare prepare = own == null ? statements.prepare(sql, parameterTypes()) : own.prepare();
        preparation = prepare;
        return prepare;
    }

    /** Forgets a statement that does not serve any more, wherever it is kept. */
    private void drop(ServerStatement refused) {
        if (own == null) {
            statements.remove(refused);
        } else {
            own.drop(refused);
        }
    }

    private Exchange<?> start() {
        if (own == null) {
            statements.standardConformingStrings(session.standardConformingStrings());
        }
        ServerStatement kept = own == null ? statements.get(sql) : own.usable();
        if (kept != null && takes(kept)) {
            known = true;
            return learn(kept);
        }
        return prepare();
    }

    private boolean takes(ServerStatement known) {
        IntList wanted = parameterTypes();
        return wanted.size() == 0 || wanted.equals(known.parameterTypes());
    }

    private @Nullable Exchange<?> afterRun(E exchange) {
        PgException failure = exchange.failure();
        if (failure == null) {
            return rowTypes.next(() -> outdated(exchange));
        }
        ServerStatement used = statement;
        if (used != null && (StaleStatement.isReason(failure) || mayBeRetyped(exchange, failure))) {
            drop(used);
            if (mayHeal()) {
                statement = null;
                return start();
            }
        } else if (used != null && StaleStatement.isChangedType(failure)) {
            statements.types().forgetTypes();
            if (mayHeal()) {
                lookup = new TypeLookup(statements);
                return learn(used);
            }
        }
        throw failure;
    }

    /** The server keeps the types of a statement's parameters, also where the columns they go to have others by now. */
    private boolean mayBeRetyped(E exchange, PgException failure) {
        return known && !healed && !exchange.isBound() && StaleStatement.isMismatch(failure);
    }

    /** Returns whether the statement may be run a second time, and makes ready for it. */
    private boolean mayHeal() {
        if (healed || !mayRunAgain() || session.transactionStatus() != TransactionStatus.IDLE) {
            return false;
        }
        healed = true;
        run = null;
        return true;
    }
}
