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
    private @Nullable CopyEnding copyEnding;

    /** What we send to end a COPY that nobody asked for. */
    enum CopyEnding {
        /** CopyFail; a Sync is still to come, or none is needed. */
        FAIL,
        /** CopyFail and another Sync: a server that copies has passed over the one sent before. */
        FAIL_AND_SYNC,
        /** CopyDone, where the server copies too. */
        DONE
    }

    QueryExchange(@Nullable String sql, StatementCache statements) {
        this.sql = sql;
        this.statements = statements;
    }

    /** Returns what ends a COPY to the server, given what this exchange has sent. */
    abstract CopyEnding copyInEnding();

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
            return transmitAfterCopy(out);
        }
        return transmitQuery(out);
    }

    /** Appends what is left to send after the end of a COPY that nobody asked for. */
    boolean transmitAfterCopy(Outbox out) {
        return true;
    }

    /** Takes the messages that mean the same in every exchange; returns false if {@code message} is none of them. */
    final boolean receiveCommon(BackendMessage message) {
        switch (message) {
            case ErrorResponse error -> {
                if (!(failure() instanceof UnexpectedCopyException)) {
                    fail(ServerException.of(error.diagnostics(), sql, Delivery.REFUSED));
                }
            }
            case CopyInResponse in -> {
                fail(new UnexpectedCopyException(UnexpectedCopyException.Direction.IN, Delivery.REFUSED));
                end(copyInEnding());
            }
            case CopyOutResponse out ->
                fail(new UnexpectedCopyException(UnexpectedCopyException.Direction.OUT, Delivery.COMPLETED));
            case CopyBothResponse both -> {
                fail(new UnexpectedCopyException(UnexpectedCopyException.Direction.BOTH, Delivery.COMPLETED));
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
