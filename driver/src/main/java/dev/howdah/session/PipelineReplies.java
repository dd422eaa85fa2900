package dev.howdah.session;

import dev.howdah.error.CommitRolledBackException;
import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.error.ProtocolException;
import dev.howdah.error.ServerException;
import dev.howdah.error.UnexpectedCopyException;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.BindComplete;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.CopyBothResponse;
import dev.howdah.message.CopyDone;
import dev.howdah.message.CopyInResponse;
import dev.howdah.message.CopyOutResponse;
import dev.howdah.message.EmptyQueryResponse;
import dev.howdah.message.ErrorResponse;
import dev.howdah.message.NoData;
import dev.howdah.message.ParseComplete;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.RowDescription;
import dev.howdah.message.TransactionStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes what answers a pipeline and says of each entry what became of it. Used by who has the turn, whether or not it is
 * the pipeline's owner.
 */
final class PipelineReplies {

    /** So many failures are kept for an owner who does not look at them. */
    private static final int MAX_FAILURES = 100;

    private final Session session;
    private final StatementCache statements;
    private final boolean syncEach;
    /** What has been encoded and is not answered, in order. */
    private final ArrayDeque<PipelineEntry> sent = new ArrayDeque<>();
    /** What found its statement stale and is to be sent once more, in order. */
    private final ArrayDeque<PipelineEntry> retries = new ArrayDeque<>();

    private final List<PipelineEntry> failures = new ArrayList<>();

    private long answered;
    private long bytes;
    private @Nullable Throwable syncFailure;

    PipelineReplies(Session session, StatementCache statements, boolean syncEach) {
        this.session = session;
        this.statements = statements;
        this.syncEach = syncEach;
    }

    void expect(PipelineEntry entry) {
        sent.add(entry);
    }

    boolean isEmpty() {
        return sent.isEmpty();
    }

    boolean expects(PipelineEntry entry) {
        return sent.contains(entry);
    }

    ArrayDeque<PipelineEntry> retries() {
        return retries;
    }

    /** Returns how many entries have been answered. */
    long answered() {
        return answered;
    }

    /** Returns how many bytes of rows have come since it was asked to begin anew. */
    long bytes() {
        return bytes;
    }

    void countAnew() {
        bytes = 0;
    }

    /** Returns what failed since the last Sync that was answered, if the server says now that a transaction has failed. */
    @Nullable
    PgException failedBy() {
        return syncFailure instanceof PgException failed ? failed : null;
    }

    private PipelineEntry head(Object message) {
        PipelineEntry head = sent.peekFirst();
        if (head == null) {
            throw unexpected(message);
        }
        return head;
    }

    private static ProtocolException unexpected(Object message) {
        return new ProtocolException(
                "the server sent " + message.getClass().getSimpleName() + " in answer to a pipeline");
    }

    /** Takes a message; what a COPY needs to be ended is asked of the queue. */
    void receive(BackendMessage message, PipelineQueue queue) {
        PipelineEntry head = head(message);
        switch (message) {
            case ReadyForQuery ready -> ready(head, ready);
            case ErrorResponse error -> refused(head, error);
            default -> {
                switch (head.kind()) {
                    case RUN, BATCH -> ran(head, message, queue);
                    case PREPARE, LOOKUP -> told(head, message);
                    case SYNC, ABORT -> throw unexpected(message);
                }
            }
        }
    }

    void row(byte[] array, int offset, int length) {
        PipelineEntry head = sent.peekFirst();
        if (head != null && head.kind() == PipelineEntry.Kind.LOOKUP) {
            head.question().row(array, offset, length);
            return;
        }
        RowShape shape = head == null ? null : head.shape();
        if (head == null || shape == null || !head.runs()) {
            throw new ProtocolException("the server sent a row where a pipeline expects none");
        }
        head.row(array, offset, length, shape.size());
        bytes += length;
    }

    /** The data of a COPY that nobody asked for is dropped. */
    void copyData() {
        PipelineEntry head = sent.peekFirst();
        if (head == null || !(head.noted() instanceof UnexpectedCopyException)) {
            throw new ProtocolException("the server sent COPY data in answer to a pipeline");
        }
    }

    private void ran(PipelineEntry head, BackendMessage message, PipelineQueue queue) {
        switch (message) {
            case ParseComplete parsed -> {}
            case BindComplete accepted -> head.bound();
            case NoData none -> head.shape(null);
            case RowDescription description -> head.shape(RowShape.ofResult(description.fields(), head.types()));
            case CommandComplete command -> {
                statements.commandCompleted(command);
                completed(head, command);
            }
            case EmptyQueryResponse empty -> completed(head, null);
            case CopyInResponse in -> {
                head.fail(new UnexpectedCopyException(UnexpectedCopyException.Direction.IN, Delivery.REFUSED, null));
                queue.encoder().endCopy(head.isSynced());
                queue.more();
            }
            case CopyOutResponse out ->
                head.fail(new UnexpectedCopyException(UnexpectedCopyException.Direction.OUT, Delivery.COMPLETED, null));
            case CopyDone done when head.noted() instanceof UnexpectedCopyException -> {}
            case CopyBothResponse both -> throw unexpected(message);
            default -> throw unexpected(message);
        }
    }

    private void completed(PipelineEntry entry, @Nullable CommandComplete command) {
        entry.completed(command);
        PipelineSync sync = entry.sync();
        if (sync != null) {
            sync.ran();
            if (command != null) {
                noteEnd(entry, sync, command.tag());
            }
        }
        boolean whole = entry.isFed() && entry.isSettled() && entry.refusedHere() == null;
        if (entry.kind() == PipelineEntry.Kind.RUN || whole) {
            settled(entry);
        }
    }

    private void noteEnd(PipelineEntry entry, PipelineSync sync, String tag) {
        switch (tag) {
            case "COMMIT", "PREPARE TRANSACTION" -> sync.decidedUpTo(entry.place());
            case "ROLLBACK" -> {
                sync.decidedUpTo(entry.place());
                if (LeadingKeyword.isCommit(entry.sql())
                        || LeadingKeyword.isPrepare(entry.sql()) && session.abortedBy() != null) {
                    entry.fail(new CommitRolledBackException(session.abortedBy()));
                }
            }
            default -> {}
        }
    }

    /** An entry has had all its answers; where a Sync of its own stands behind it, it is done with that. */
    void settled(PipelineEntry entry) {
        if (!syncEach && !entry.isSynced() && sent.peekFirst() == entry) {
            sent.removeFirst();
            done(entry);
        }
    }

    /** An entry is done; failures are kept for the owner, who may not look at them by himself. */
    void done(PipelineEntry entry) {
        answered++;
        if (entry.isRootFailure()) {
            if (failures.size() >= MAX_FAILURES) {
                failures.removeIf(PipelineEntry::isTaken);
            }
            if (failures.size() < MAX_FAILURES) {
                failures.add(entry);
            }
        }
        entry.done();
    }

    /** Returns those that failed, the first ones if there are many. */
    List<PipelineEntry> failures() {
        return failures;
    }

    private void told(PipelineEntry head, BackendMessage message) {
        QueryExchange<?> question = head.question();
        if (question.receive(message)) {
            throw unexpected(message);
        }
        boolean ended = head.kind() == PipelineEntry.Kind.LOOKUP
                ? message instanceof CommandComplete
                : message instanceof NoData || message instanceof RowDescription;
        if (!ended) {
            return;
        }
        sent.removeFirst();
        question.end();
        PipelineEntry asker = head.asker();
        if (asker != null && question instanceof Prepare prepare) {
            describe(asker, prepare.value());
        }
        done(head);
    }

    private void describe(PipelineEntry asker, ServerStatement described) {
        OwnStatement own = asker.own();
        if (own == null) {
            statements.put(described);
        } else {
            own.renew(described);
        }
        asker.statement(described, false);
    }

    private void refused(PipelineEntry head, ErrorResponse error) {
        PipelineEntry asker = head.asker();
        String sql = asker != null ? asker.sql() : head.sql();
        ServerException refusal = ServerException.of(error.diagnostics(), sql, Delivery.REFUSED);
        switch (head.kind()) {
            case ABORT -> {
                sent.removeFirst();
                done(head);
            }
            case SYNC -> {
                head.fail(refusal);
                blame(head.sync(), refusal);
            }
            case PREPARE, LOOKUP -> {
                sent.removeFirst();
                head.question().abandon(refusal);
                head.fail(refusal);
                done(head);
                failed(asker != null ? asker : head, refusal);
            }
            case RUN, BATCH -> {
                Throwable here = head.refusedHere();
                if (here != null && PipelineEncoder.isOwnDoing(error)) {
                    failed(head, here);
                } else if (head.noted() instanceof UnexpectedCopyException copy) {
                    if (copy.delivery() != Delivery.REFUSED) {
                        copy = new UnexpectedCopyException(copy.direction(), Delivery.REFUSED, refusal);
                    }
                    head.failInstead(copy);
                    failed(head, copy);
                } else {
                    outdated(head, refusal);
                    failed(head, refusal);
                }
            }
        }
    }

    private void blame(@Nullable PipelineSync sync, Throwable failure) {
        syncFailure = syncFailure == null ? failure : syncFailure;
        if (sync != null) {
            sync.fail(failure);
            int undone = sync.unkept();
            if (undone > 0
                    && !syncEach
                    && failure instanceof PgException refusal
                    && session.transactionStatus() == TransactionStatus.IDLE) {
                refusal.remark("What ran before it since the last sync of the pipeline is undone (" + undone
                        + (undone == 1 ? " statement)" : " statements)"));
            }
        }
    }

    private void failed(PipelineEntry entry, Throwable failure) {
        entry.fail(failure);
        blame(entry.sync(), failure);
        if (syncEach || entry.isSynced()) {
            return;
        }
        if (sent.peekFirst() == entry) {
            sent.removeFirst();
        }
        if (!entry.isDone()) {
            done(entry);
        }
        skipUpTo(entry.sync());
    }

    /** What was sent behind a failure is not answered, but for the Sync. */
    private void skipUpTo(@Nullable PipelineSync sync) {
        for (PipelineEntry next = sent.peekFirst();
                next != null && next.sync() == sync && next.kind() != PipelineEntry.Kind.SYNC;
                next = sent.peekFirst()) {
            next.abort(Delivery.REFUSED);
            PipelineEntry asker = next.asker();
            if (asker != null) {
                asker.abort(Delivery.REFUSED);
                done(asker);
            }
            if (next.isSynced()) {
                return;
            }
            sent.removeFirst();
            done(next);
        }
    }

    /** Forgets a statement that the server does not take any more. */
    private void outdated(PipelineEntry entry, ServerException refusal) {
        ServerStatement used = entry.statement();
        if (used == null) {
            return;
        }
        boolean retyped = entry.isKnown() && !entry.isBound() && StaleStatement.isMismatch(refusal);
        if (StaleStatement.isReason(refusal) || retyped) {
            entry.stale();
            drop(entry, used);
        } else if (StaleStatement.isChangedType(refusal)) {
            entry.stale();
            statements.types().forgetTypes();
        }
    }

    void drop(PipelineEntry entry, ServerStatement used) {
        OwnStatement own = entry.own();
        if (own == null) {
            statements.remove(used);
        } else {
            own.drop(used);
        }
    }

    private void ready(PipelineEntry head, ReadyForQuery ready) {
        if (!head.isSynced()) {
            throw unexpected(ready);
        }
        sent.removeFirst();
        PipelineSync sync = head.sync();
        if (sync != null) {
            boolean undone = sync.failure() != null && ready.status() == TransactionStatus.IDLE;
            sync.end(undone ? PipelineSync.Fate.UNDONE : PipelineSync.Fate.KEPT);
            if (head.kind() == PipelineEntry.Kind.SYNC && head.noted() == null && sync.failure() != null) {
                head.abort(Delivery.REFUSED);
            }
        }
        syncFailure = null;
        if (head.isStale() && mayHeal(head, ready.status())) {
            head.heal();
            retries.add(head);
        } else {
            done(head);
        }
    }

    /** Whether an entry can be run once more in its place: what is under way behind it fails for the same reason. */
    private boolean mayHeal(PipelineEntry entry, TransactionStatus status) {
        if (!syncEach
                || entry.isHealed()
                || entry.kind() != PipelineEntry.Kind.RUN
                || status != TransactionStatus.IDLE) {
            return false;
        }
        for (PipelineEntry next : sent) {
            if (next.kind() != PipelineEntry.Kind.RUN || next.statement() != entry.statement()) {
                return false;
            }
        }
        return true;
    }

    /** The session has ended: what was sent may have been run or not. */
    void abandoned(PgException cause, PipelineEncoder encoder) {
        PgException neverSent = copy(cause, Delivery.NOT_SENT);
        PgException perhaps = copy(cause, Delivery.UNKNOWN);
        for (PipelineEntry entry : sent) {
            boolean left = encoder.mayHaveLeft(entry);
            if (entry.isSynced() && entry.sync() != null) {
                entry.sync().end(left ? PipelineSync.Fate.UNKNOWN : PipelineSync.Fate.UNDONE);
            }
            end(entry, left ? perhaps : neverSent);
        }
        sent.clear();
        for (PipelineEntry entry : retries) {
            end(entry, neverSent);
        }
        retries.clear();
    }

    /** Ends an entry that will not be answered. */
    void end(PipelineEntry entry, Throwable cause) {
        if (!entry.isDone()) {
            if (entry.noted() == null) {
                entry.fail(cause);
            }
            done(entry);
        }
    }

    private static PgException copy(PgException cause, Delivery delivery) {
        if (cause.delivery() == delivery) {
            return cause;
        }
        return switch (cause) {
            case ConnectionLostException lost ->
                new ConnectionLostException("The connection was lost", lost.lastWords(), delivery, lost.getCause());
            case ConnectionClosedException closed ->
                new ConnectionClosedException("close() was called meanwhile", delivery);
            default -> cause;
        };
    }
}
