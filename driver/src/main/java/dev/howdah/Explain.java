package dev.howdah;

import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.message.TransactionStatus;
import dev.howdah.pump.CallLimits;
import dev.howdah.session.Conversation;
import dev.howdah.session.QueryResult;
import dev.howdah.session.Script;
import dev.howdah.type.TypeRegistry;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** EXPLAIN of a prepared statement: the options checked, and what it ran undone. */
final class Explain {

    private static final @Nullable Object[] NO_PARAMETERS = {};

    private final Core core;
    private final CallLimits limits;
    private final EnumSet<ExplainOption> options;

    /**
     * Checks the options before anything is sent.
     *
     * @throws IllegalArgumentException if they do not go together
     * @throws UnsupportedOperationException if the server is too old for one of them
     */
    Explain(Core core, CallLimits limits, Set<ExplainOption> options) {
        this.core = core;
        this.limits = limits;
        this.options = EnumSet.noneOf(ExplainOption.class);
        this.options.addAll(options);
        if (analyzes() && isGeneric()) {
            throw new IllegalArgumentException("ANALYZE runs the statement, for which GENERIC_PLAN has no values");
        }
        String text = core.session().parameters().getOrDefault("server_version", "");
        int version = ConnectionInfo.versionNumber(text) / 10_000;
        for (ExplainOption option : this.options) {
            if (option.needsAnalyze() && !analyzes()) {
                throw new IllegalArgumentException(option + " needs ANALYZE");
            }
            if (version < option.since()) {
                throw new UnsupportedOperationException("EXPLAIN has the option " + option + " from PostgreSQL "
                        + option.since() + " on, the server is " + text);
            }
        }
    }

    private boolean analyzes() {
        return options.contains(ExplainOption.ANALYZE);
    }

    /** Returns whether the plan is for any values, so that none are given. */
    boolean isGeneric() {
        return options.contains(ExplainOption.GENERIC_PLAN);
    }

    /** Returns what is put before the statement. */
    String prefix() {
        StringBuilder out = new StringBuilder("EXPLAIN (FORMAT JSON");
        for (ExplainOption option : options) {
            out.append(", ").append(option);
        }
        return out.append(") ").toString();
    }

    /** Asks for the plan for any values. Only a script leaves a parameter without one. */
    Plan generic(String sql, TypeRegistry types) {
        Script script = new Script(core.session(), core.statements(), prefix() + sql, types);
        return new Plan(Rows.of(core.run(script, Kind.SCRIPT, prefix() + sql, NO_PARAMETERS, limits)
                        .getFirst())
                .one());
    }

    /** Runs the EXPLAIN; what it did is rolled back, to a savepoint if a transaction is open. */
    Plan run(Conversation<QueryResult> explaining, String sql, @Nullable Object[] parameters) {
        if (!analyzes()) {
            return plan(explaining, sql, parameters);
        }
        Plan[] plan = new Plan[1];
        core.pump().inTurn(limits, () -> plan[0] = analyze(explaining, sql, parameters));
        return plan[0];
    }

    private Plan plan(Conversation<QueryResult> explaining, String sql, @Nullable Object[] parameters) {
        return new Plan(Rows.of(core.run(explaining, Kind.QUERY, prefix() + sql, parameters, limits))
                .one());
    }

    private Plan analyze(Conversation<QueryResult> explaining, String sql, @Nullable Object[] parameters) {
        boolean alone = core.session().transactionStatus() == TransactionStatus.IDLE;
        String savepoint = core.newName("savepoint");
        core.script(alone ? "BEGIN" : "SAVEPOINT " + savepoint, limits);
        Throwable failure = null;
        try {
            return plan(explaining, sql, parameters);
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            undo(
                    alone ? "ROLLBACK" : "ROLLBACK TO SAVEPOINT " + savepoint + "; RELEASE SAVEPOINT " + savepoint,
                    failure);
        }
    }

    private void undo(String sql, @Nullable Throwable failure) {
        if (!core.session().isOpen()) {
            return;
        }
        try {
            core.cleanUp(
                    Conversation.of(core.simple(sql)), Kind.TRANSACTION, sql, CallLimits.CLEANUP.under(limits.lease()));
        } catch (RuntimeException e) {
            if (failure == null) {
                throw e;
            }
            failure.addSuppressed(e);
        }
    }
}
