package dev.howdah.cli;

import dev.howdah.error.PgException;
import dev.howdah.replication.Change;
import dev.howdah.replication.ChangedRow;
import dev.howdah.replication.FollowerEvent;
import dev.howdah.replication.ReplicatedTransaction;
import dev.howdah.replication.ReplicatedTransaction.Kind;
import dev.howdah.replication.ResumableSink;
import dev.howdah.replication.ResumeToken;
import dev.howdah.type.Lsn;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Prints what a follower brings. A transaction is acknowledged when its lines have been written and, if there is a file for that, the place
 * behind it has been stored. When there has been enough it throws {@link Enough}, which ends the follower.
 */
final class TailSink implements ResumableSink {

    /**
     * When there has been enough; null for never.
     *
     * @param changes after so many changes, though the transaction has more
     * @param transactions after so many transactions with changes
     * @param until when all that was committed up to a place has come
     */
    record Limits(
            @Nullable Integer changes,
            @Nullable Integer transactions,
            @Nullable Lsn until) {}

    /** There has been enough. */
    static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Enough() {
            super("there has been enough", null, false, false);
        }
    }

    private final TailOutput output;
    private final TailPrinter printer;
    private final Limits limits;
    private final @Nullable ResumeFile file;
    private final Consumer<String> remark;
    private final String greeting;
    private @Nullable ResumeToken position;
    private int changes;
    /** The transaction that is being printed, by the place of its commit, and how many of its changes have been. */
    private Lsn unfinished = Lsn.ZERO;

    private int printed;
    private int transactions;
    private boolean streamed;
    private final AtomicLong copied = new AtomicLong();

    /**
     * Makes one that begins at a place.
     *
     * @param position null for where the slot begins
     * @param remark takes what people should know beside the changes
     * @param greeting what to say when the first stream begins
     */
    TailSink(
            TailOutput output,
            TailPrinter printer,
            Limits limits,
            @Nullable ResumeFile file,
            @Nullable ResumeToken position,
            Consumer<String> remark,
            String greeting) {
        this.output = output;
        this.printer = printer;
        this.limits = limits;
        this.file = file;
        this.position = position;
        this.remark = remark;
        this.greeting = greeting;
    }

    @Override
    public @Nullable ResumeToken position() {
        return position;
    }

    @Override
    public void snapshotRow(ChangedRow row) {
        print(printer.snapshotRow(row));
    }

    @Override
    public void snapshotEnds(ResumeToken token) {
        print(printer.snapshotEnds(token, copied.get()));
        output.flush();
        try {
            store(token);
        } catch (IOException e) {
            throw UserFiles.failed(String.valueOf(file), e);
        }
    }

    @Override
    public void transaction(ReplicatedTransaction transaction) throws Exception {
        Lsn until = limits.until();
        if (until != null
                && transaction.kind() != Kind.PROGRESS
                && transaction.commitLsn().isAfter(until)) {
            throw new Enough();
        }
        int count = transaction.kind() == Kind.PROGRESS ? 0 : print(transaction);
        output.flush();
        try {
            store(transaction.token());
        } catch (IOException e) {
            throw UserFiles.failed(String.valueOf(file), e);
        }
        transaction.acknowledge();
        transactions += count == 0 ? 0 : 1;
        if (isOver(limits.transactions(), transactions)
                || isOver(limits.changes(), changes)
                || (until != null && !until.isAfter(transaction.endLsn()))) {
            throw new Enough();
        }
    }

    /**
     * Prints the changes and returns how many there were. If the connection is lost meanwhile, the transaction comes again, the same changes
     * in the same order: what has been printed then is not printed again.
     */
    private int print(ReplicatedTransaction transaction) {
        int before = transaction.commitLsn().equals(unfinished) ? printed : 0;
        int count = 0;
        boolean begun = before > 0;
        unfinished = transaction.commitLsn();
        printed = before;
        for (Iterator<Change> all = transaction.iterator(); all.hasNext(); ) {
            Change change = all.next();
            boolean told = change instanceof Change.RelationChanged;
            count += told ? 0 : 1;
            if (count < before || (count == before && !told)) {
                continue;
            }
            if (!begun) {
                print(printer.begins(transaction));
                begun = true;
            }
            print(printer.change(transaction, count, change));
            if (!told) {
                printed = count;
                changes++;
            }
            if (isOver(limits.changes(), changes) && all.hasNext()) {
                output.flush();
                throw new Enough();
            }
        }
        if (begun) {
            print(printer.ends(transaction, count));
        }
        unfinished = Lsn.ZERO;
        printed = 0;
        return count;
    }

    private static boolean isOver(@Nullable Integer limit, int count) {
        return limit != null && count >= limit;
    }

    private void print(String line) {
        if (!line.isEmpty()) {
            output.line(line);
        }
    }

    private void store(ResumeToken token) throws IOException {
        if (file != null && !token.equals(position)) {
            file.write(token);
        }
        position = token;
    }

    @Override
    public void event(FollowerEvent event) {
        switch (event) {
            case FollowerEvent.Checked checked -> {} // The command has looked itself, and said so.
            case FollowerEvent.SnapshotBegun begun -> {
                copied.set(0);
                print(printer.snapshotBegins(begun.tables(), begun.consistentPoint()));
            }
            case FollowerEvent.TableCopied table -> copied.addAndGet(table.rows());
            case FollowerEvent.SnapshotEnded ended -> {}
            case FollowerEvent.Streaming streaming -> {
                remark.accept(streamed ? "streaming again" : greeting);
                streamed = true;
            }
            case FollowerEvent.Interrupted interrupted ->
                remark.accept(text(interrupted.cause()) + "; the next try is in "
                        + interrupted.pause().toMillis() + " ms");
        }
    }

    private static String text(PgException e) {
        return TextTable.visible(Failures.oneLine(Failures.message(e)));
    }
}
