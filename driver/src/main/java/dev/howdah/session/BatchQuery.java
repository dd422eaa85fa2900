package dev.howdah.session;

import dev.howdah.error.PgException;
import dev.howdah.type.TypeRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A batch from an iterator of parameter sets: the conversation encodes a page, the session sends it, and so on, so that
 * neither memory nor the server's answers pile up. Whoever runs the conversation asks {@link #feed()} for more whenever
 * the batch is {@linkplain Batch#suspended() suspended}, and lets it hand on what has come when it is {@linkplain
 * Batch#isFull() full}.
 */
public class BatchQuery extends PreparedRun<Batch, BatchOutcome> {

    /** Takes what a batch yields, a page at a time. */
    @FunctionalInterface
    public interface Pages {
        /**
         * Takes a page.
         *
         * @param firstSet the set that its first one is, counted from 0
         */
        void accept(int firstSet, BatchOutcome page);
    }

    private final Function<Object, @Nullable Object[]> toParameters;
    private final Iterator<?> iterator;
    private final @Nullable Pages pages;
    /**
     * The sets taken before the server has run one: until then it may turn out that the statement has to be prepared anew.
     * No more than a page of them is sent before that is known.
     */
    private @Nullable List<@Nullable Object> unanswered = new ArrayList<>();

    private Iterator<@Nullable Object> again = Collections.emptyIterator();
    private int taken;
    private int failedHere = -1;
    private long delivered;

    /**
     * Makes the conversation.
     *
     * @param toParameters turns what the iterator gives into parameters
     * @param types the scope that encodes and decodes: that of the cache or one within it
     */
    public BatchQuery(
            Session session,
            StatementCache statements,
            String sql,
            Iterable<?> sets,
            Function<Object, @Nullable Object[]> toParameters,
            TypeRegistry types) {
        this(session, statements, sql, sets.iterator(), toParameters, types, null);
    }

    /**
     * Makes the conversation.
     *
     * @param toParameters turns what the iterator gives into parameters
     * @param types the scope that encodes and decodes: that of the cache or one within it
     * @param pages takes what the batch yields; if null it is kept until the end
     */
    public BatchQuery(
            Session session,
            StatementCache statements,
            String sql,
            Iterator<?> sets,
            Function<Object, @Nullable Object[]> toParameters,
            TypeRegistry types,
            @Nullable Pages pages) {
        super(session, statements, sql, types);
        this.iterator = sets;
        this.toParameters = toParameters;
        this.pages = pages;
    }

    @Override
    Batch bind(ServerStatement statement) {
        if (unanswered != null && taken > 0) {
            taken = 0;
            again = unanswered.iterator();
            unanswered = new ArrayList<>();
        }
        return new Batch(statement, statements(), pages == null);
    }

    @Override
    boolean mayRunAgain() {
        return unanswered != null && !ran().isAnswered();
    }

    /**
     * Encodes the next page of the batch that is suspended, or hands on what the server has yielded. The iterator, codecs
     * and the consumer of the user's run here.
     *
     * @throws RuntimeException what one of them threw; the batch is then aborted and has to be run to its end before the
     *     exception is passed on
     */
    @Override
    public void feed() {
        Batch batch = ran();
        try {
            if (pages != null && batch.isFull()) {
                hand(batch, pages);
            } else if (batch.isDrained()) {
                batch.finish();
            } else {
                fill(batch);
            }
        } catch (RuntimeException | Error e) {
            batch.abort();
            throw e;
        }
    }

    private void hand(Batch batch, Pages to) {
        int first = batch.pageStart();
        BatchOutcome page = batch.takePage();
        delivered += page.total();
        to.accept(first, page);
    }

    private void fill(Batch batch) {
        while (batch.hasRoom() && !batch.isRefused()) {
            if (!again.hasNext() && !iterator.hasNext()) {
                addLast(batch);
                end(batch);
                return;
            }
            Object set = again.hasNext() ? again.next() : iterator.next();
            taken = Math.incrementExact(taken);
            remember(set, batch);
            addNamed(batch, set);
        }
        if (batch.isRefused()) {
            batch.finish();
        }
    }

    /** A set that is refused here is told by its number. */
    private void addNamed(Batch batch, Object set) {
        try {
            add(batch, set);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Set " + (taken - 1) + " of the batch (counted from 0): " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            failedHere = failingSet(batch);
            throw e;
        }
    }

    private void end(Batch batch) {
        if (pages != null && batch.added() > 0 && !batch.isRefused()) {
            batch.drain();
        } else {
            batch.finish();
        }
    }

    /** Adds what the iterator gave. */
    void add(Batch batch, Object set) {
        batch.add(toParameters.apply(set));
    }

    /** Adds what has not been added when the iterator has come to its end. */
    void addLast(Batch batch) {}

    /** Returns which set is to blame for an exception here, or -1. */
    int failingSet(Batch batch) {
        return taken - 1;
    }

    /** Turns what the iterator gave into parameters. */
    final @Nullable Object[] parameters(Object set) {
        return toParameters.apply(set);
    }

    private void remember(@Nullable Object set, Batch batch) {
        if (batch.isAnswered()) {
            unanswered = null;
        }
        if (unanswered != null) {
            unanswered.add(set);
        }
    }

    /** Returns which set failed, counted from 0, here or on the server; -1 if none did or none was reached. */
    public int failedSet() {
        return failedHere >= 0 || !isRunning() ? failedHere : ran().refusedSet();
    }

    /** Notes in an exception which sets are to blame, as far as that is known and it does not say so yet. */
    public void blame(PgException failure) {
        int first = failedSet();
        if (first >= 0 && failure.batchFirst() < 0) {
            failure.batchSets(first, failedHere >= 0 ? first : first + ran().refusedSets() - 1);
        }
    }

    /** Returns how many rows were returned or affected in all. */
    public long total() {
        return pages != null ? delivered : result().total();
    }

    @Override
    Set<Integer> outdated(Batch ran) {
        if (pages != null) {
            return Set.of();
        }
        BatchOutcome outcome = ran.result();
        return TypeProbe.outdated(outcome.shape(), outcome.rows());
    }

    @Override
    public BatchOutcome result() {
        return ran().result();
    }
}
