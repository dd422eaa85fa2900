package dev.howdah;

/**
 * How much a transaction sees of others.
 *
 * @see <a href="https://www.postgresql.org/docs/current/transaction-iso.html">Transaction isolation</a>
 */
public enum Isolation {
    /** Accepted by PostgreSQL, and the same as {@link #READ_COMMITTED} there. */
    READ_UNCOMMITTED("READ UNCOMMITTED"),
    /** Each statement sees what was committed before it began. */
    READ_COMMITTED("READ COMMITTED"),
    /** All statements see what was committed before the first of them began. */
    REPEATABLE_READ("REPEATABLE READ"),
    /** As if transactions ran one after another; some are refused with 40001 and have to be run again. */
    SERIALIZABLE("SERIALIZABLE");

    private final String sql;

    Isolation(String sql) {
        this.sql = sql;
    }

    String sql() {
        return sql;
    }
}
