package dev.howdah.session;

import dev.howdah.error.Delivery;
import dev.howdah.error.ServerException;
import dev.howdah.error.UnexpectedCopyException;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.CopyBothResponse;
import dev.howdah.message.CopyDone;
import dev.howdah.message.CopyFail;
import dev.howdah.message.CopyInResponse;
import dev.howdah.message.CopyOutResponse;
import dev.howdah.message.ErrorResponse;
import dev.howdah.message.Sync;
import org.jspecify.annotations.Nullable;

/**
 * What all exchanges that run SQL have in common: the server's error is their failure, and a COPY that was sent by
 * mistake is ended so that the session stays usable.
 *
 * @param <R> what the exchange yields
 */
abstract class QueryExchange<R> extends Exchange<R> {

    private final @Nullable String sql;
    private final StatementCache statements;
    private RowBuffer rows = new RowBuffer();
    private @Nullable CopyEnding copyEnding;
    private boolean bound;

    /** What ends a COPY that nobody asked for. */
    private enum CopyEnding {
        FAIL,
        FAIL_AND_SYNC,
        DONE
    }

    QueryExchange(@Nullable String sql, StatementCache statements) {
        this.sql = sql;
        this.statements = statements;
    }

    /** Whether the statement goes by the extended protocol, where a Sync ends what follows an error. */
    abstract boolean extended();

    /** Returns the columns of the rows that may come now, or null if none may. */
    @Nullable
    RowShape shape() {
        return null;
    }

    /** Appends what belongs to this exchange itself. */
    abstract boolean transmitQuery(Outbox out);

    @Override
    protected final boolean transmit(Outbox out) {
        if (copyEnding != null) {
            switch (copyEnding) {
                case FAIL -> new CopyFail("COPY was not asked for").write(out.writer());
                case FAIL_AND_SYNC -> {
                    new CopyFail("COPY was not asked for").write(out.writer());
                    Sync.INSTANCE.write(out.writer());
                }
                case DONE -> CopyDone.INSTANCE.write(out.writer());
            }
            copyEnding = null;
            return true;
        }
        return transmitQuery(out);
    }

    /** Notes that the server has taken the values. */
    final void bound() {
        bound = true;
    }

    /** Returns whether the server has taken the values; if not, nothing has run. */
    final boolean isBound() {
        return bound;
    }

    /** Takes the messages that mean the same in every exchange; returns false if {@code message} is none of them. */
    final boolean receiveCommon(BackendMessage message) {
        switch (message) {
            case ErrorResponse error -> refused(ServerException.of(error.diagnostics(), sql, Delivery.REFUSED));
            case CopyInResponse in -> {
                fail(new UnexpectedCopyException(UnexpectedCopyException.Direction.IN, Delivery.REFUSED, null));
                end(extended() ? CopyEnding.FAIL_AND_SYNC : CopyEnding.FAIL);
            }
            case CopyOutResponse out ->
                fail(new UnexpectedCopyException(UnexpectedCopyException.Direction.OUT, Delivery.COMPLETED, null));
            case CopyBothResponse both -> {
                fail(new UnexpectedCopyException(UnexpectedCopyException.Direction.BOTH, Delivery.COMPLETED, null));
                end(CopyEnding.DONE);
            }
            case CopyDone done -> {
                if (!(failure() instanceof UnexpectedCopyException)) {
                    return false;
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** A COPY that nobody asked for stays what the caller is told first, but an error behind it undoes it. */
    private void refused(ServerException error) {
        if (!(failure() instanceof UnexpectedCopyException copy)) {
            fail(error);
        } else if (copy.delivery() != Delivery.REFUSED) {
            failInstead(new UnexpectedCopyException(copy.direction(), Delivery.REFUSED, error));
        }
    }

    @Override
    protected void row(byte[] bytes, int offset, int length) {
        RowShape expected = shape();
        if (expected == null) {
            super.row(bytes, offset, length);
        } else {
            rows.add(bytes, offset, length, expected.size());
        }
    }

    /** Returns the rows that have come. */
    final RowBuffer rows() {
        return rows;
    }

    /** Returns the rows that have come, and begins anew with those of the next statement. */
    final RowBuffer takeRows() {
        RowBuffer taken = rows;
        rows = new RowBuffer();
        return taken;
    }

    /** Returns the first {@code count} rows that have come; those behind them stay. */
    final RowBuffer takeRows(int count) {
        if (count == rows.size()) {
            return takeRows();
        }
        RowBuffer taken = rows.slice(0, count);
        rows = rows.slice(count, rows.size());
        return taken;
    }

    @Override
    protected final void copyData(byte[] bytes, int offset, int length) {
        if (!(failure() instanceof UnexpectedCopyException)) {
            super.copyData(bytes, offset, length);
        }
    }

    /** Notes how a statement ended: some commands drop what the session has prepared. */
    final void completed(CommandComplete command) {
        statements.commandCompleted(command);
    }

    private void end(CopyEnding ending) {
        copyEnding = ending;
        resume();
    }

    @Override
    protected String describe() {
        return "a query";
    }
}
