package dev.howdah.session;

import dev.howdah.error.CommitRolledBackException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.error.PipelineAbortedException;
import dev.howdah.message.CommandComplete;
import dev.howdah.type.TypeRegistry;
import java.util.Collections;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a pipeline was asked to do, and what became of it. Its public methods may be called by any thread once it
 * is done.
 */
public final class PipelineEntry {

    static final @Nullable Object[] NO_PARAMETERS = {};

    private final Kind kind;
    private final String sql;
    private final @Nullable OwnStatement own;
    private final @Nullable Object[] parameters;
    private final Iterator<?> sets;
    private final Function<Object, @Nullable Object[]> toParameters;
    private final TypeRegistry types;
    private final @Nullable BatchTally tally;
    private final @Nullable QueryExchange<?> question;
    private final @Nullable PipelineEntry asker;

    private @Nullable PipelineSync sync;
    private int place;
    private long firstByte = -1;
    private boolean syncs;

    private @Nullable ServerStatement statement;
    private @Nullable TypeLookup lookup;
    private boolean known;
    private boolean healed;
    private boolean stale;
    private boolean bound;
    private int added;
    private boolean fed;

    private @Nullable RowShape shape;
    private @Nullable RowBuffer rows;
    private @Nullable CommandComplete command;
    private @Nullable Throwable failure;
    private @Nullable Throwable refusedHere;
    private @Nullable Delivery aborted;
    private volatile boolean done;
    private volatile boolean taken;

    /** What is asked for. */
    enum Kind {
        /** One run of a statement. */
        RUN,
        /** One statement with many sets of parameters. */
        BATCH,
        SYNC,
        /** The description of a statement that another entry is to run. */
        PREPARE,
        /** A question about types. */
        LOOKUP,
        /** A statement that does not exist, to undo what has been sent. */
        ABORT
    }

    /** What is known of an entry. */
    public enum Fate {
        WAITING,
        RAN,
        UNDONE,
        REFUSED,
        ABORTED,
        NOT_SENT,
        UNKNOWN
    }

    private PipelineEntry(
            Kind kind,
            String sql,
            @Nullable OwnStatement own,
            @Nullable Object[] parameters,
            Iterator<?> sets,
            Function<Object, @Nullable Object[]> toParameters,
            TypeRegistry types,
            @Nullable QueryExchange<?> question,
            @Nullable PipelineEntry asker) {
        this.kind = kind;
        this.sql = sql;
        this.own = own;
        this.parameters = parameters;
        this.sets = sets;
        this.toParameters = toParameters;
        this.types = types;
        this.tally = kind == Kind.BATCH ? new BatchTally() : null;
        this.question = question;
        this.asker = asker;
    }

    /**
     * Returns one run of a statement.
     *
     * @param own the statement that the caller has prepared, or null for the one that the cache has or gets
     * @param parameters not to change until it is done
     * @param types the scope that encodes and decodes
     */
    public static PipelineEntry run(
            String sql, @Nullable OwnStatement own, @Nullable Object[] parameters, TypeRegistry types) {
        BindEncoder.checkCount(parameters.length);
        return new PipelineEntry(
                Kind.RUN, sql, own, parameters, Collections.emptyIterator(), PipelineEntry::none, types, null, null);
    }

    /**
     * Returns a run of a statement with each of many sets of parameters.
     *
     * @param sets asked for as they are sent, while the connection is in use
     * @param toParameters turns what the iterator gives into parameters
     */
    public static PipelineEntry batch(
            String sql,
            @Nullable OwnStatement own,
            Iterator<?> sets,
            Function<Object, @Nullable Object[]> toParameters,
            TypeRegistry types) {
        return new PipelineEntry(Kind.BATCH, sql, own, NO_PARAMETERS, sets, toParameters, types, null, null);
    }

    /** Returns a Sync. */
    public static PipelineEntry sync(TypeRegistry types) {
        return bare(Kind.SYNC, types, null, null);
    }

    static PipelineEntry bare(
            Kind kind, TypeRegistry types, @Nullable QueryExchange<?> question, @Nullable PipelineEntry asker) {
        return new PipelineEntry(
                kind,
                "",
                null,
                NO_PARAMETERS,
                Collections.emptyIterator(),
                PipelineEntry::none,
                types,
                question,
                asker);
    }

    private static @Nullable Object[] none(Object set) {
        return NO_PARAMETERS;
    }

    Kind kind() {
        return kind;
    }

    /** Returns whether it runs a statement, once or often. */
    boolean runs() {
        return kind == Kind.RUN || kind == Kind.BATCH;
    }

    String sql() {
        return sql;
    }

    /** Returns the statement that the caller owns, unless he has closed it: then its text is run like any other. */
    @Nullable
    OwnStatement own() {
        return own != null && !own.isClosed() ? own : null;
    }

    @Nullable
    Object[] parameters() {
        return parameters;
    }

    Iterator<?> sets() {
        return sets;
    }

    @Nullable
    Object[] parametersOf(Object set) {
        return toParameters.apply(set);
    }

    TypeRegistry types() {
        return types;
    }

    QueryExchange<?> question() {
        if (question == null) {
            throw new IllegalStateException(kind + " asks nothing");
        }
        return question;
    }

    /** Returns the entry for which this one asks, or null. */
    @Nullable
    PipelineEntry asker() {
        return asker;
    }

    void join(PipelineSync joined) {
        if (sync == null) {
            sync = joined;
            place = joined.join();
        }
    }

    @Nullable
    PipelineSync sync() {
        return sync;
    }

    int place() {
        return place;
    }

    void startsAt(long position) {
        if (firstByte < 0) {
            firstByte = position;
        }
    }

    long firstByte() {
        return firstByte;
    }

    /** Notes that a Sync stands right behind it. */
    void syncs() {
        syncs = true;
    }

    boolean isSynced() {
        return syncs;
    }

    @Nullable
    ServerStatement statement() {
        return statement;
    }

    /** Takes the statement to run; {@code before} says that it was there already, so what is known of it may be outdated. */
    void statement(@Nullable ServerStatement found, boolean before) {
        statement = found;
        known = before;
    }

    boolean isKnown() {
        return known;
    }

    TypeLookup lookup(StatementCache statements) {
        TypeLookup current = lookup;
        if (current == null) {
            current = new TypeLookup(statements);
            lookup = current;
        }
        return current;
    }

    boolean isLookingUp() {
        return lookup != null && lookup.isRunning();
    }

    /** Begins anew, because the statement was stale; only once. */
    void heal() {
        healed = true;
        stale = false;
        statement = null;
        lookup = null;
        failure = null;
        command = null;
        bound = false;
        syncs = false;
        firstByte = -1;
        sync = null;
        added = 0;
        shape = null;
    }

    boolean isHealed() {
        return healed;
    }

    void stale() {
        stale = true;
    }

    boolean isStale() {
        return stale;
    }

    void bound() {
        bound = true;
    }

    boolean isBound() {
        return bound;
    }

    /** Notes that it has been sent, once more for a batch. */
    void sent(@Nullable RowShape columns) {
        shape = columns;
        added++;
    }

    int added() {
        return added;
    }

    /** Notes that a batch has all its sets. */
    void fed() {
        fed = true;
    }

    boolean isFed() {
        return fed;
    }

    /** Returns whether all that was sent of it has been answered, or it has failed. */
    boolean isSettled() {
        return done || failure != null || tally != null && tally.completed() == added;
    }

    void shape(@Nullable RowShape columns) {
        shape = columns;
    }

    void row(byte[] bytes, int offset, int length, int columns) {
        RowBuffer buffer = rows;
        if (buffer == null) {
            buffer = new RowBuffer();
            rows = buffer;
        }
        buffer.add(bytes, offset, length, columns);
    }

    @Nullable
    RowShape shape() {
        return shape;
    }

    /** Takes how the statement ended, null if it was empty. */
    void completed(@Nullable CommandComplete how) {
        command = how;
        if (tally != null) {
            tally.complete(1, how == null ? 0 : how.rowCount(), rows().size(), false);
        }
    }

    /** Notes why it failed; the first counts. */
    void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
        } else if (failure != cause) {
            failure.addSuppressed(cause);
        }
        if (cause instanceof PgException refused && tally != null && refused.batchFirst() < 0 && added > 0) {
            refused.batchSets(tally.completed(), tally.completed());
        }
    }

    /** Puts a failure that says more in the place of the one noted. */
    void failInstead(Throwable better) {
        failure = better;
    }

    @Nullable
    Throwable noted() {
        return failure;
    }

    /** Notes why the rest of a batch was not sent; what was is undone. */
    void refuseHere(Throwable cause) {
        refusedHere = cause;
    }

    @Nullable
    Throwable refusedHere() {
        return refusedHere;
    }

    /** Notes that it was skipped, because something before it in the same sync failed. */
    void abort(Delivery delivery) {
        aborted = delivery;
    }

    void done() {
        done = true;
    }

    /** Returns whether it has been answered, or never will be. */
    public boolean isDone() {
        return done;
    }

    /** Returns why it failed, or null if it did not. */
    public @Nullable Throwable failure() {
        Throwable known = failure;
        Delivery delivery = aborted;
        if (known == null && delivery != null) {
            Throwable cause = sync == null ? null : sync.failure();
            known = new PipelineAbortedException(cause == null ? new CommitRolledBackException(null) : cause, delivery);
            failure = known;
        }
        return known;
    }

    /** Returns whether it failed, and not only because something else did. */
    boolean isRootFailure() {
        return failure != null && aborted == null && (runs() || kind == Kind.SYNC);
    }

    /** Notes that its owner has looked at its failure. */
    public void take() {
        taken = true;
    }

    /** Returns whether its owner has looked at its failure. */
    public boolean isTaken() {
        return taken;
    }

    /** Returns what is known of it now. */
    public Fate fate() {
        if (!done) {
            return Fate.WAITING;
        } else if (aborted != null) {
            return Fate.ABORTED;
        } else if (failure instanceof PgException refused) {
            return switch (refused.delivery()) {
                case NOT_SENT -> added > 1 ? Fate.REFUSED : Fate.NOT_SENT;
                case REFUSED -> Fate.REFUSED;
                case UNKNOWN -> Fate.UNKNOWN;
                case COMPLETED -> ran();
            };
        } else if (failure != null) {
            return added > 0 ? Fate.REFUSED : Fate.NOT_SENT;
        }
        return ran();
    }

    private Fate ran() {
        if (sync == null || !sync.shares(place)) {
            return Fate.RAN;
        }
        return switch (sync.fate()) {
            case OPEN, KEPT -> Fate.RAN;
            case UNDONE -> Fate.UNDONE;
            case UNKNOWN -> Fate.UNKNOWN;
        };
    }

    /** Returns what the statement yielded, once it has ended well. */
    public QueryResult result() {
        return new QueryResult(RowShape.renewed(shape), rows(), command);
    }

    /** Returns what a batch yielded, once it has ended well. */
    public BatchOutcome outcome() {
        return tally == null ? BatchOutcome.none() : tally.outcome(RowShape.renewed(shape), rows());
    }

    /** Returns how many sets of parameters were sent of a batch. */
    public int setsSent() {
        return tally == null ? 0 : added;
    }

    /** Returns how many rows it returned or affected, -1 if that is not known. */
    public long rowCount() {
        if (tally != null) {
            return outcome().total();
        }
        return command == null ? -1 : command.rowCount();
    }

    /** Returns the types that the rows received show to be known wrongly or not at all. */
    public Set<Integer> outdated() {
        return TypeProbe.outdated(shape, rows());
    }

    private RowBuffer rows() {
        RowBuffer buffer = rows;
        return buffer == null ? RowBuffer.empty() : buffer;
    }
}
