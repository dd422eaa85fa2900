package dev.howdah.session;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.error.SqlState;
import dev.howdah.message.Bind;
import dev.howdah.message.CopyFail;
import dev.howdah.message.Describe;
import dev.howdah.message.ErrorResponse;
import dev.howdah.message.Execute;
import dev.howdah.message.Flush;
import dev.howdah.message.IntList;
import dev.howdah.message.Parse;
import dev.howdah.message.Sync;
import dev.howdah.message.Target;
import dev.howdah.message.TransactionStatus;
import dev.howdah.wire.WireWriter;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the entries of a pipeline, one after the other. A statement that the server does not know is described in its
 * place, behind all that was asked for before it, and so are types. Used by who has the turn; user code, such as codecs, runs
 * in {@link #encode} only.
 */
final class PipelineEncoder {

    /** How much is encoded before it is sent, in bytes. */
    private static final int PAGE = 64 * 1024;

    private static final String NO_STATEMENT = "howdah_abort";

    private final Session session;
    private final StatementCache statements;
    private final boolean syncEach;
    private final boolean autocommit;
    private final PipelineReplies replies;

    private final WireWriter page = new WireWriter(8 * 1024);
    private final BindEncoder encoder = new BindEncoder(page);

    private @Nullable PipelineSync sync;
    /** The entry that is being encoded, if that takes more than one step. */
    private @Nullable PipelineEntry current;
    /** What has to be answered before anything else is sent. */
    private @Nullable PipelineEntry barrier;

    private @Nullable Outbox outbox;
    private long shift;
    private long encoded;
    /** Where the last Sync ended, and the last Flush. */
    private long synced;

    private long flushed;

    PipelineEncoder(
            Session session, StatementCache statements, boolean syncEach, boolean autocommit, PipelineReplies replies) {
        this.session = session;
        this.statements = statements;
        this.syncEach = syncEach;
        this.autocommit = autocommit;
        this.replies = replies;
    }

    /** Returns the entry of which more is to be encoded, or null. */
    @Nullable
    PipelineEntry current() {
        return current;
    }

    /** Returns whether what has been encoded has all been handed over. */
    boolean isEmpty() {
        return page.position() == 0;
    }

    /** Returns whether a page is not full. */
    boolean hasRoom() {
        return page.position() < PAGE;
    }

    /** Returns whether something stands behind the last Sync. */
    boolean isUnsynced() {
        return position() > synced;
    }

    /** Returns whether something stands behind the last Sync or Flush. */
    boolean isUnflushed() {
        return position() > Math.max(synced, flushed);
    }

    /** Gives up what has not been sent, because the session has ended. */
    void abandoned(PgException cause) {
        PipelineEntry half = current;
        if (half != null && !replies.expects(half)) {
            replies.end(half, cause);
        }
        current = null;
        page.clear(PAGE);
        PipelineSync open = sync;
        if (open != null) {
            open.end(PipelineSync.Fate.UNDONE);
        }
    }

    /** Returns whether a byte of an entry can have left. */
    boolean mayHaveLeft(PipelineEntry entry) {
        Outbox out = outbox;
        return out != null
                && entry.firstByte() >= 0
                && entry.firstByte() < encoded
                && out.sent() > entry.firstByte() + shift;
    }

    void transmit(Outbox out) {
        outbox = out;
        shift = out.total() - encoded;
        int length = page.position();
        if (length > 0) {
            out.append(length < Outbox.BY_REFERENCE ? page.array() : page.toByteArray(), 0, length);
            encoded += length;
            page.clear(PAGE);
        }
    }

    long position() {
        return encoded + page.position();
    }

    /** Returns whether something has to be answered before more is encoded. */
    boolean isBlocked() {
        PipelineEntry before = barrier;
        if (before != null) {
            if (!before.isSettled() || before.isSynced() && !before.isDone()) {
                return true;
            }
            barrier = null;
        }
        return false;
    }

    /** Encodes an entry, or what has to be known before. */
    void encode(PipelineEntry entry) {
        switch (entry.kind()) {
            case SYNC -> encodeSync(entry);
            case LOOKUP -> ask(entry, entry.question());
            case RUN, BATCH -> encodeStatement(entry);
            case PREPARE, ABORT -> throw new IllegalStateException(entry.kind() + " was queued");
        }
    }

    private PipelineSync open() {
        PipelineSync known = sync;
        if (known == null) {
            known = new PipelineSync();
            sync = known;
        }
        return known;
    }

    void encodeSync(PipelineEntry entry) {
        entry.join(open());
        entry.startsAt(position());
        replies.expect(entry);
        syncBehind(entry);
    }

    private void syncBehind(PipelineEntry entry) {
        Sync.INSTANCE.write(page);
        entry.syncs();
        synced = position();
        sync = null;
    }

    void flush() {
        Flush.INSTANCE.write(page);
        flushed = position();
    }

    private void encodeStatement(PipelineEntry entry) {
        current = entry;
        if (isOver(entry)) {
            current = null;
            return;
        }
        try {
            if (entry.kind() == PipelineEntry.Kind.BATCH
                    && entry.added() == 0
                    && !entry.sets().hasNext()) {
                replies.done(entry);
                current = null;
                return;
            }
            ServerStatement statement = prepared(entry);
            if (statement == null) {
                return;
            }
            if (entry.kind() == PipelineEntry.Kind.RUN) {
                bind(entry, statement, entry.parameters());
                current = null;
                end(entry, statement);
            } else {
                fill(entry, statement);
            }
        } catch (ConversionException e) {
            describeAgain(entry, e);
        } catch (RuntimeException | Error e) {
            refuse(entry, e);
        }
    }

    /** Returns whether it has come to its end already, because it or something before it failed. */
    private boolean isOver(PipelineEntry entry) {
        entry.join(open());
        if (entry.isDone()) {
            return true;
        }
        PipelineSync joined = entry.sync();
        if (entry.noted() != null) {
            if (syncEach) {
                if (entry.added() == 0) {
                    replies.expect(entry);
                }
                syncBehind(entry);
            }
            entry.fed();
            return true;
        }
        if (entry.added() == 0 && joined != null && joined.failure() != null) {
            entry.abort(Delivery.NOT_SENT);
            replies.done(entry);
            return true;
        }
        return false;
    }

    /** Returns the statement to run, or null as long as something has to be asked about it. */
    private @Nullable ServerStatement prepared(PipelineEntry entry) {
        ServerStatement statement = entry.statement();
        OwnStatement own = entry.own();
        if (statement == null) {
            statements.standardConformingStrings(session.standardConformingStrings());
            statement = own == null ? statements.get(entry.sql()) : own.usable();
            entry.statement(statement, true);
        }
        if (statement == null) {
            Prepare prepare = own == null ? statements.prepare(entry.sql(), IntList.EMPTY) : own.prepare();
            ask(PipelineEntry.bare(PipelineEntry.Kind.PREPARE, statements.types(), prepare, entry), prepare);
            return null;
        }
        if (entry.isLookingUp()
                || !statement.hasLookedUp() && session.transactionStatus() != TransactionStatus.FAILED) {
            Introspection question = entry.lookup(statements).next(statement.typeOids());
            if (question != null) {
                ask(PipelineEntry.bare(PipelineEntry.Kind.LOOKUP, statements.types(), question, entry), question);
                return null;
            }
            statement.lookedUp();
        }
        return statement;
    }

    private void ask(PipelineEntry question, QueryExchange<?> exchange) {
        question.join(open());
        question.startsAt(position());
        if (exchange instanceof Prepare prepare) {
            prepare.write(page);
        } else if (exchange instanceof Introspection introspection) {
            introspection.write(page);
        }
        flush();
        replies.expect(question);
        barrier = question;
    }

    private void bind(PipelineEntry entry, ServerStatement found, @Nullable Object[] parameters) {
        ServerStatement statement = found.in(entry.types());
        int start = page.position();
        try {
            if (!statement.isNamed() && entry.added() == 0) {
                Parse.write(page, "", statement.sql(), statement.parameterTypes());
            }
            RowShape shape = statement.shape();
            encoder.bind("", statement, shape, parameters);
            if (!statement.isNamed()) {
                Describe.write(page, Target.PORTAL, "");
            }
            Execute.write(page, "", 0);
            entry.startsAt(encoded + start);
            if (entry.added() == 0) {
                replies.expect(entry);
            }
            entry.sent(shape);
        } catch (RuntimeException | Error e) {
            page.truncate(start);
            throw e;
        }
    }

    /** Ends an entry of which everything has been sent. */
    private void end(PipelineEntry entry, ServerStatement statement) {
        boolean bare = statement.parameterCount() == 0 && statement.shape() == null;
        boolean alone = bare && LeadingKeyword.standsAlone(entry.sql());
        boolean ends = bare && !autocommit && LeadingKeyword.endsTransaction(entry.sql());
        if (syncEach || ends) {
            syncBehind(entry);
        } else if (alone) {
            flush();
        }
        if (alone || ends) {
            barrier = entry;
        }
    }

    /** Encodes sets of a batch, a page of them; the user's iterator runs here. */
    private void fill(PipelineEntry entry, ServerStatement statement) {
        Iterator<?> sets = entry.sets();
        boolean alone =
                statement.parameterCount() == 0 && statement.shape() == null && LeadingKeyword.standsAlone(entry.sql());
        while (page.position() < PAGE && !entry.isDone() && entry.noted() == null) {
            if (!sets.hasNext()) {
                entry.fed();
                current = null;
                if (syncEach) {
                    syncBehind(entry);
                } else if (entry.isSettled()) {
                    replies.settled(entry);
                }
                return;
            }
            bind(entry, statement, entry.parametersOf(sets.next()));
            if (alone) {
                flush();
                barrier = entry;
                return;
            }
        }
    }

    /** The parameters may have other types by now than when the statement was described. */
    private void describeAgain(PipelineEntry entry, ConversionException refusal) {
        ServerStatement refusing = entry.statement();
        if (refusing == null
                || !entry.isKnown()
                || entry.isHealed()
                || entry.kind() != PipelineEntry.Kind.RUN
                || session.transactionStatus() == TransactionStatus.FAILED) {
            refuse(entry, refusal);
            return;
        }
        replies.drop(entry, refusing);
        PipelineSync joined = entry.sync();
        entry.heal();
        if (joined != null) {
            entry.join(joined);
        }
    }

    /** An entry cannot be sent: what has been sent of its sync is undone, as by a statement that fails. */
    void refuse(PipelineEntry entry, Throwable cause) {
        current = null;
        PipelineSync joined = entry.sync();
        boolean begun = entry.added() > 0;
        if (begun) {
            if (cause instanceof PgException refusal && refusal.batchFirst() < 0) {
                refusal.batchSets(entry.added(), entry.added());
            }
            entry.refuseHere(cause);
            entry.fed();
            abortOnServer();
        } else {
            entry.fail(cause);
        }
        if (syncEach) {
            if (begun || position() > synced) {
                if (!begun) {
                    replies.expect(entry);
                }
                syncBehind(entry);
            } else {
                replies.done(entry);
                sync = null;
            }
            return;
        }
        if (!begun) {
            replies.done(entry);
            if (joined != null && joined.failure() == null && position() > synced) {
                PipelineEntry abort = PipelineEntry.bare(PipelineEntry.Kind.ABORT, statements.types(), null, null);
                abort.join(joined);
                abort.startsAt(position());
                abortOnServer();
                replies.expect(abort);
            }
        }
        if (joined != null) {
            joined.fail(cause);
        }
    }

    private void abortOnServer() {
        new Bind("", NO_STATEMENT, IntList.EMPTY, List.of(), IntList.EMPTY).write(page);
    }

    static boolean isOwnDoing(ErrorResponse error) {
        return error.diagnostics().sqlState().equals(SqlState.INVALID_SQL_STATEMENT_NAME)
                && error.diagnostics().messagePrimary().contains(NO_STATEMENT);
    }

    /** Ends a COPY that nobody asked for; a Sync that was sent already has been dropped by the server. */
    void endCopy(boolean wasSynced) {
        new CopyFail("COPY was not asked for").write(page);
        if (wasSynced) {
            Sync.INSTANCE.write(page);
            synced = position();
        }
    }
}
