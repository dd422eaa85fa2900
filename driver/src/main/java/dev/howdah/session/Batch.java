package dev.howdah.session;

import dev.howdah.error.SqlState;
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
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One statement run with many sets of parameters, pipelined: Bind and Execute for each, one Sync at the end, so that
 * outside a transaction all of it happens or nothing. One run may also serve several sets, where their values are bound as
 * arrays or stand in one statement.
 *
 * <p>The owner adds sets with {@link #add} while {@link #hasRoom()} says so and ends with {@link #finish}; encoding runs
 * in the owner, not while the session sends. Once the server has refused a set, further ones are not sent.
 *
 * <p>If what the server yields is not to be kept, the owner takes it away page by page whenever the batch {@linkplain
 * #isFull() is full}, and calls {@link #drain} before {@link #finish}.
 */
public final class Batch extends QueryExchange<BatchOutcome> {

    /** How much is encoded before it is sent, in bytes. */
    private static final int PAGE = 64 * 1024;
    /** How much the server may have yielded before it is taken away: bytes of rows, and sets. */
    private static final int FULL_BYTES = 256 * 1024;

    private static final int FULL_SETS = 1_000;

    private static final String NO_STATEMENT = "howdah_abort";

    /** What the owner has said of the sets to come. */
    private enum Feeding {
        /** There may be more. */
        OPEN,
        /** There are none, and what was sent is to be answered before it is made to last. */
        DRAINING,
        FINISHED,
        /** There are none, and what was sent is to be undone. */
        ABORTED
    }

    private final ServerStatement statement;
    private final @Nullable RowShape shape;
    private final boolean keeps;
    private final WireWriter page = new WireWriter(8 * 1024);
    private final BindEncoder encoder = new BindEncoder(page);
    private final BatchTally tally = new BatchTally();
    /** How many sets each run that is not answered is for, if not one. */
    private final ArrayDeque<Integer> shared = new ArrayDeque<>();

    private Feeding feeding = Feeding.OPEN;
    private int rowBytes;
    private int added;
    private int failedAt = -1;
    private int failedSets;
    private boolean rowEach;
    private boolean sentAny;
    private boolean synced;

    /**
     * Makes a batch.
     *
     * @param keeps whether all that the server yields is kept to the end; else the owner takes it away
     */
    Batch(ServerStatement statement, StatementCache statements, boolean keeps) {
        super(statement.sql(), statements);
        this.statement = statement;
        this.shape = statement.shape();
        this.keeps = keeps;
        if (!statement.isNamed()) {
            Parse.write(page, "", statement.sql(), statement.parameterTypes());
        }
    }

    /** Says that a run for several sets makes one row of each, or none: if there are so many, each has one. */
    void rowEach() {
        rowEach = true;
    }

    /**
     * Encodes one more set of parameters.
     *
     * @throws dev.howdah.error.ConversionException if a value is refused; nothing of this set is sent
     */
    public void add(@Nullable Object[] parameters) {
        encoder.bind("", statement, shape, parameters);
        execute(1);
    }

    /** Encodes one run that serves several sets. */
    void add(@Nullable Object[] parameters, int sets) {
        encoder.bind("", statement, shape, parameters);
        shared.add(sets);
        execute(sets);
    }

    /** Encodes one run of a text that is the statement but for how often a part is repeated. */
    void addShorter(String sql, @Nullable Object[] parameters, int sets) {
        ServerStatement shorter = statement.shortened(sql, parameters.length);
        Parse.write(page, "", sql, shorter.parameterTypes());
        encoder.bind("", shorter, shape, parameters);
        shared.add(sets);
        execute(sets);
    }

    /** Encodes one run whose parameters are arrays of the values of several sets. */
    void add(ColumnPage columns) {
        int sets = columns.sets();
        columns.bind(page, statement.name(), shape);
        shared.add(sets);
        execute(sets);
    }

    private void execute(int sets) {
        Execute.write(page, "", 0);
        added += sets;
        resume();
    }

    /** Returns which parameter the last set was refused for, counted from 0, or -1. */
    int refusedParameter() {
        return encoder.refusedParameter();
    }

    /** Returns whether another set may be added before the session has sent what there is. */
    public boolean hasRoom() {
        return page.position() < PAGE && !awaitsFirst();
    }

    /**
     * Returns whether the answer to the first set is to be waited for before another is sent: until then it may turn out
     * that all have to be sent once more, so no more than a page is, and the sets need no more memory than that. What takes
     * no parameters and returns no rows may be a COPY, and the server ends the connection when a Bind comes in the middle of
     * one, so of that it is one.
     */
    private boolean awaitsFirst() {
        return added > 0
                && tally.completed() == 0
                && failure() == null
                && (sentAny || statement.parameterCount() == 0 && shape == null);
    }

    /** Says that no further set will come. */
    public void finish() {
        feeding = Feeding.FINISHED;
        resume();
    }

    /** Says that no further set will come, but that all answers are to be taken before the batch is made to last. */
    void drain() {
        feeding = Feeding.DRAINING;
        resume();
    }

    /** Returns whether all has been answered after {@link #drain}. */
    boolean isDrained() {
        return feeding == Feeding.DRAINING && (tally.completed() == added || failure() != null);
    }

    /** Returns whether adding more is pointless, because the server has refused a set. */
    public boolean isRefused() {
        return failedAt >= 0;
    }

    /** Returns whether the server has run a set. */
    boolean isAnswered() {
        return tally.completed() > 0;
    }

    /** Returns which set of parameters the server refused, counted from 0, or -1; the first of those that it may be. */
    public int refusedSet() {
        return failedAt;
    }

    /** Returns how many sets it may be, the first being {@link #refusedSet()}. */
    int refusedSets() {
        return failedSets;
    }

    @Override
    public boolean suspended() {
        return feeding == Feeding.OPEN && page.position() == 0 && !awaitsFirst() || isDrained();
    }

    @Override
    public boolean isFull() {
        if (keeps || failure() != null || feeding == Feeding.FINISHED || feeding == Feeding.ABORTED) {
            return false;
        }
        return rowBytes >= FULL_BYTES || tally.pending() >= FULL_SETS || isDrained() && tally.pending() > 0;
    }

    /** Returns the first set of the page that {@link #takePage} would return. */
    int pageStart() {
        return tally.completed() - tally.pending();
    }

    /**
     * Takes away what the server has yielded: the sets that have been run and their rows. If none has, it is rows of the one
     * that is running, and no set.
     */
    BatchOutcome takePage() {
        RowBuffer rows = tally.pending() == 0 ? takeRows() : takeRows(tally.countedRows());
        BatchOutcome taken = tally.outcome(RowShape.renewed(shape), rows);
        tally.nextPage();
        rowBytes = 0;
        return taken;
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
        if (!isRefused() && feeding != Feeding.ABORTED && page.position() > 0) {
            boolean copied = page.position() < Outbox.BY_REFERENCE;
            out.append(copied ? page.array() : page.toByteArray(), 0, page.position());
            sentAny = true;
            if (feeding == Feeding.OPEN && awaitsFirst()) {
                Flush.INSTANCE.write(out.writer());
            }
        }
        page.clear(PAGE);
        if (feeding == Feeding.DRAINING) {
            Flush.INSTANCE.write(out.writer());
        } else if (feeding != Feeding.OPEN && !synced) {
            synced = true;
            if (feeding == Feeding.ABORTED && sentAny) {
                new Bind("", NO_STATEMENT, IntList.EMPTY, List.of(), IntList.EMPTY).write(out.writer());
            }
            Sync.INSTANCE.write(out.writer());
        }
        return true;
    }

    @Override
    protected void row(byte[] bytes, int offset, int length) {
        super.row(bytes, offset, length);
        rowBytes += length;
    }

    @Override
    protected boolean receive(BackendMessage message) {
        switch (message) {
            case ParseComplete parsed -> {}
            case BindComplete accepted -> bound();
            case NoData none -> {}
            case CommandComplete command -> complete(command.rowCount());
            case EmptyQueryResponse empty -> complete(0);
            case CopyInResponse in -> {
                failedAt = tally.completed();
                failedSets = 1;
                // What ends the COPY brings its own Sync.
                feeding = Feeding.FINISHED;
                synced = true;
                receiveCommon(message);
            }
            case ErrorResponse error -> {
                if (feeding != Feeding.ABORTED || !isOwnDoing(error)) {
                    if (!isRefused()) {
                        failedAt = tally.completed();
                        failedSets = peekShared();
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

    private void complete(long affected) {
        int sets = peekShared();
        shared.poll();
        tally.complete(sets, affected, rows().size(), rowEach);
    }

    private int peekShared() {
        Integer sets = shared.peek();
        return sets == null ? 1 : sets;
    }

    private static boolean isOwnDoing(ErrorResponse error) {
        return error.diagnostics().sqlState().equals(SqlState.INVALID_SQL_STATEMENT_NAME)
                && error.diagnostics().messagePrimary().contains(NO_STATEMENT);
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
        feeding = Feeding.ABORTED;
        resume();
    }

    @Override
    public boolean stop() {
        if (synced) {
            return false;
        }
        abort();
        return true;
    }

    @Override
    protected BatchOutcome value() {
        return tally.outcome(RowShape.renewed(shape), rows());
    }

    @Override
    protected String describe() {
        return "a batch";
    }
}
