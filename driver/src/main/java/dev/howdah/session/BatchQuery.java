package dev.howdah.session;

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
 * the batch is {@linkplain Batch#suspended() suspended}.
 */
public final class BatchQuery extends PreparedRun<Batch, BatchOutcome> {

    private final Function<Object, @Nullable Object[]> toParameters;
    private final Iterator<?> iterator;
    /** The sets taken before the server has run one: until then it may turn out that the statement has to be prepared anew. */
    private @Nullable List<@Nullable Object> unanswered = new ArrayList<>();

    private Iterator<@Nullable Object> again = Collections.emptyIterator();
    private int taken;
    private int failedHere = -1;

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
        super(session, statements, sql, types);
        this.iterator = sets.iterator();
        this.toParameters = toParameters;
    }

    /** Makes the conversation for a statement that the caller has prepared and owns. */
    public BatchQuery(
            Session session,
            StatementCache statements,
            OwnStatement own,
            Iterable<?> sets,
            Function<Object, @Nullable Object[]> toParameters,
            TypeRegistry types) {
        super(session, statements, own, types);
        this.iterator = sets.iterator();
        this.toParameters = toParameters;
    }

    @Override
    Batch bind(ServerStatement statement) {
        if (unanswered != null && taken > 0) {
            taken = 0;
            again = unanswered.iterator();
            unanswered = new ArrayList<>();
        }
        return new Batch(statement, statements());
    }

    @Override
    boolean mayRunAgain() {
        return unanswered != null && !ran().isAnswered();
    }

    /**
     * Encodes the next page of the batch that is suspended. The iterator and codecs of the user's run here.
     *
     * @throws RuntimeException what the iterator or a codec threw; the batch is then aborted and has to be run to its
     *     end before the exception is passed on
     */
    @Override
    public void feed() {
        Batch batch = ran();
        try {
            while (batch.hasRoom() && !batch.isRefused()) {
                if (!again.hasNext() && !iterator.hasNext()) {
                    batch.finish();
                    return;
                }
                Object set = again.hasNext() ? again.next() : iterator.next();
                taken++;
                remember(set, batch);
                batch.add(toParameters.apply(set));
            }
            if (batch.isRefused()) {
                batch.finish();
            }
        } catch (RuntimeException | Error e) {
            failedHere = taken - 1;
            batch.abort();
            throw e;
        }
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

    @Override
    Set<Integer> outdated(Batch ran) {
        BatchOutcome outcome = ran.result();
        return TypeProbe.outdated(outcome.shape(), outcome.rows());
    }

    @Override
    public BatchOutcome result() {
        return ran().result();
    }
}
