package dev.howdah;

/**
 * What EXPLAIN is to tell beside the plan.
 *
 * @see PreparedQuery#explain(java.util.Set, Object...)
 * @see <a href="https://www.postgresql.org/docs/current/sql-explain.html">EXPLAIN</a>
 */
public enum ExplainOption {
    /** Runs the statement, rolls it back, and tells times and row counts as they were. */
    ANALYZE(0),
    /** Output columns, schemas, query identifier. */
    VERBOSE(0),
    /** Blocks hit, read and written. */
    BUFFERS(0),
    /** Settings that are not as they are by default and matter to plans. */
    SETTINGS(0),
    /** What was written to the WAL; with {@link #ANALYZE} only. */
    WAL(0),
    /** The plan for any values: no parameters are given, and not with {@link #ANALYZE}. PostgreSQL 16 and later. */
    GENERIC_PLAN(16),
    /** The memory that planning took. PostgreSQL 17 and later. */
    MEMORY(17),
    /** The cost of turning the result into what is sent; with {@link #ANALYZE} only. PostgreSQL 17 and later. */
    SERIALIZE(17);

    private final int since;

    ExplainOption(int since) {
        this.since = since;
    }

    /** Returns the first major version of PostgreSQL that has it among those that we know, or 0. */
    int since() {
        return since;
    }

    boolean needsAnalyze() {
        return this == WAL || this == SERIALIZE;
    }
}
