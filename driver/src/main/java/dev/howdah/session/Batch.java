package dev.howdah.session;

import dev.howdah.message.BackendMessage;
import dev.howdah.message.Bind;
import dev.howdah.message.BindComplete;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.CopyInResponse;
import dev.howdah.message.EmptyQueryResponse;
import dev.howdah.message.ErrorResponse;
import dev.howdah.message.Execute;
import dev.howdah.message.Flush;
import dev.howdah.message.IntList;
import dev.howdah.message.NoData;
import dev.howdah.message.Parse;
import dev.howdah.message.ParseComplete;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.Sync;
import dev.howdah.wire.WireWriter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One statement run with many sets of parameters, pipelined: Bind and Execute for each, one Sync at the end, so that
 * outside a transaction all of it happens or nothing.
 *
 * <p>The owner adds sets with {@link #add} while {@link #hasRoom()} says so and ends with {@link #finish}; encoding runs
 * in the owner, not while the session sends. Once the server has refused a set, further ones are not sent.
 */
public final class Batch extends QueryExchange<BatchOutcome> {

    private static final int PAGE = 64 * 1024;
    private static final String NO_STATEMENT = "howdah_abort";

    private final ServerStatement statement;
    private final @Nullable RowShape shape;
    private final WireWriter page = new WireWriter(8 * 1024);
    private final BindEncoder encoder = new BindEncoder(page);
    private long[] counts = new long[16];
    private int added;
    private int completed;
    private int failedAt = -1;
    private boolean sentAny;
    private boolean finished;
    private boolean aborted;
    private boolean synced;

    Batch(ServerStatement statement, StatementCache statements) {
        super(statement.sql(), statements);
        this.statement = statement;
        this.shape = statement.shape();
        if (!statement.isNamed()) {
            Parse.write(page, "", statement.sql(), statement.parameterTypes());
        }
    }

    /**
     * Encodes one more set of parameters.
     *
     * @throws dev.howdah.error.ConversionException if a value is refused; nothing of this set is sent
     */
    public void add(@Nullable Object[] parameters) {
        encoder.bind("", statement, shape, parameters);
        Execute.write(page, "", 0);
        added++;
        resume();
    }

    /** Returns whether another set may be added before the session has sent what there is. */
    public boolean hasRoom() {
        return page.position() < PAGE && !isProbing();
    }

    /**
     * Returns whether the answer to the first set is to be waited for before another is sent. What takes no parameters
     * and returns no rows may be a COPY, and the server ends the connection when a Bind comes in the middle of one.
     */
    private boolean isProbing() {
        return added > 0 && completed == 0 && failure() == null && statement.parameterCount() == 0 && shape == null;
    }

    /** Says that no further set will come. */
    public void finish() {
        finished = true;
        resume();
    }

    /** Returns whether adding more is pointless, because the server has refused a set. */
    public boolean isRefused() {
        return failedAt >= 0;
    }

    /** Returns whether the server has run a set. */
    boolean isAnswered() {
        return completed > 0;
    }

    /** Returns which set of parameters the server refused, counted from 0, or -1. */
    public int refusedSet() {
        return failedAt;
    }

    @Override
    public boolean suspended() {
        return !finished && page.position() == 0 && !isProbing();
    }

    @Override
    boolean extended() {
        return true;
    }

    @Override
    @Nullable
    RowShape shape() {
        return shape;
    }

    @Override
    boolean transmitQuery(Outbox out) {
        if (!isRefused() && !aborted && page.position() > 0) {
            out.append(page.toByteArray(), 0, page.position());
            sentAny = true;
            if (isProbing()) {
                Flush.INSTANCE.write(out.writer());
            }
        }
        page.clear(PAGE);
        if (finished && !synced) {
            synced = true;
            if (aborted && sentAny) {
                new Bind("", NO_STATEMENT, IntList.EMPTY, List.of(), IntList.EMPTY).write(out.writer());
            }
            Sync.INSTANCE.write(out.writer());
        }
        return true;
    }

    @Override
    protected boolean receive(BackendMessage message) {
        switch (message) {
            case ParseComplete parsed -> {}
            case BindComplete accepted -> bound();
            case NoData none -> {}
            case CommandComplete command -> count(command.rowCount());
            case EmptyQueryResponse empty -> count(0);
            case CopyInResponse in -> {
                failedAt = completed;
                // What ends the COPY brings its own Sync.
                finished = true;
                synced = true;
                receiveCommon(message);
            }
            case ErrorResponse error -> {
                if (!aborted) {
                    if (!isRefused()) {
                        failedAt = completed;
                    }
                    receiveCommon(message);
                }
            }
            case ReadyForQuery ready -> {
                return true;
            }
            default -> {
                if (!receiveCommon(message)) {
                    throw unexpected(message);
                }
            }
        }
        return false;
    }

    private void count(long affected) {
        if (completed == counts.length) {
            counts = Arrays.copyOf(counts, completed * 2);
        }
        counts[completed++] = affected;
    }

    /** Returns how many sets of parameters have been added. */
    public int added() {
        return added;
    }

    /**
     * Ends the batch because the caller cannot go on. What was sent is undone: the server is made to fail, by a Bind of
     * a statement that does not exist, before the Sync that would make it last. Inside a transaction that aborts the
     * transaction, as any failing statement does.
     */
    public void abort() {
        aborted = true;
        finish();
    }

    @Override
    protected BatchOutcome value() {
        return new BatchOutcome(counts, completed, RowShape.renewed(shape), rows());
    }

    @Override
    protected String describe() {
        return "a batch";
    }
}
