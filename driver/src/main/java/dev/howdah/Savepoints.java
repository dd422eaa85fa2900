package dev.howdah;

import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.message.TransactionStatus;
import dev.howdah.pump.CallLimits;
import dev.howdah.session.Conversation;
import dev.howdah.session.TransactionFate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Savepoints set by name. Which {@link Transaction} each was set in is remembered, so that going back to it ends those
 * that began later. Only who has the turn changes it.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-savepoint.html">SAVEPOINT</a>
 */
final class Savepoints {

    private final Core core;
    private final TransactionStack transactions;
    private final List<Mark> marks = new ArrayList<>();
    /** In which transaction of the session they were set. */
    private @Nullable TransactionFate transaction;

    /** A savepoint, and the innermost transaction when it was set. */
    private record Mark(String name, @Nullable Transaction inside) {}

    Savepoints(Core core, TransactionStack transactions) {
        this.core = core;
        this.transactions = transactions;
    }

    /** Sets one; with autocommit off that begins a transaction if there is none. */
    void set(String name, CallLimits limits) {
        String quoted = ServerName.quoted("a savepoint", name);
        String sql = "SAVEPOINT " + quoted;
        core.pump().inTurn(limits, () -> {
            if (core.autocommit() || transactions.current() != null) {
                requireTransaction("set");
            }
            core.run(Conversation.of(core.simple(sql)), Kind.TRANSACTION, sql, new Object[0], limits);
            forgetOthers();
            marks.add(new Mark(name, transactions.current()));
        });
    }

    /** Undoes what was done since one was set; it stays. */
    void rollbackTo(String name) {
        String quoted = ServerName.quoted("a savepoint", name);
        core.pump().inTurn(CallLimits.CLEANUP, () -> {
            requireTransaction("go back to");
            core.script("ROLLBACK TO SAVEPOINT " + quoted, CallLimits.CLEANUP);
            dropBehind(name, 1, "rollbackTo went back to before it began");
        });
    }

    /** Forgets one and those set since; what was done stays. */
    void release(String name, CallLimits limits) {
        String quoted = ServerName.quoted("a savepoint", name);
        core.pump().inTurn(limits, () -> {
            requireTransaction("release");
            core.script("RELEASE SAVEPOINT " + quoted, limits);
            dropBehind(name, 0, "release ended a savepoint around it");
        });
    }

    /** Forgets the savepoints of a transaction that has ended. */
    void ended(Transaction transaction) {
        marks.removeIf(mark -> mark.inside() == transaction);
    }

    private void dropBehind(String name, int kept, String why) {
        forgetOthers();
        for (int i = marks.size() - 1; i >= 0; i--) {
            Mark mark = marks.get(i);
            if (mark.name().equals(name)) {
                marks.subList(i + kept, marks.size()).clear();
                transactions.endInside(mark.inside(), why);
                return;
            }
        }
    }

    /** Drops what is left of transactions that have ended. */
    private void forgetOthers() {
        TransactionFate now = core.session().transaction();
        if (now != transaction) {
            transaction = now;
            marks.clear();
        }
    }

    private void requireTransaction(String what) {
        if (core.session().isOpen() && core.session().transactionStatus() == TransactionStatus.IDLE) {
            throw new IllegalStateException("no transaction is open, so there is no savepoint to " + what
                    + ": begin() opens one, or setAutocommit(false) lets the next statement do it");
        }
    }
}
