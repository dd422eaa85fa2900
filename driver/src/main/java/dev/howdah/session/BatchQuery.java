package dev.howdah.session;

import java.util.Collection;
import java.util.Iterator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A batch from an iterator of parameter sets: the conversation encodes a page, the session sends it, and so on, so that
 * neither memory nor the server's answers pile up. Whoever runs the conversation asks {@link #feed()} for more whenever
 * the batch is {@linkplain Batch#suspended() suspended}.
 */
public final class BatchQuery extends PreparedRun<Batch, BatchOutcome> {

    private final Iterable<?> sets;
    private final Function<Object, @Nullable Object[]> toParameters;
    private Iterator<?> iterator;
    private int taken;
    private int failedHere = -1;

    /**
     * Makes the conversation.
     *
     * @param toParameters turns what the iterator gives into parameters
     */
    public BatchQuery(
            Session session,
            StatementCache statements,
            String sql,
            Iterable<?> sets,
            Function<Object, @Nullable Object[]> toParameters) {
        super(session, statements, sql);
        this.sets = sets;
        this.iterator = sets.iterator();
        this.toParameters = toParameters;
    }

    @Override
    Batch bind(ServerStatement statement) {
        if (taken > 0) {
            taken = 0;
            iterator = sets.iterator();
        }
        return new Batch(statement, statements());
    }

    @Override
    boolean mayRunAgain() {
        return sets instanceof Collection;
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
                if (!iterator.hasNext()) {
                    batch.finish();
                    return;
                }
                Object set = iterator.next();
                taken++;
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

    /** Returns which set failed, counted from 0, here or on the server; -1 if none did or none was reached. */
    public int failedSet() {
        return failedHere >= 0 || !isRunning() ? failedHere : ran().refusedSet();
    }

    @Override
    public BatchOutcome result() {
        return ran().result();
    }
}
