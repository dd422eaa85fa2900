package dev.howdah;

import org.jspecify.annotations.Nullable;

/**
 * What a transaction begins with. Immutable. What is null is as {@link PgConnection#setSession(TransactionMode)} says, and
 * if that says nothing either, the server's default.
 *
 * @param isolation how much it sees of others, or null
 * @param readOnly whether it must not write, or null
 * @param deferrable whether a serializable read-only transaction may wait for a moment from which it cannot fail, or null
 * @see <a href="https://www.postgresql.org/docs/current/sql-begin.html">BEGIN</a>
 */
public record TransactionMode(
        @Nullable Isolation isolation,
        @Nullable Boolean readOnly,
        @Nullable Boolean deferrable) {

    /** What the session has. */
    public static final TransactionMode DEFAULT = new TransactionMode(null, null, null);

    /** Returns a mode of that isolation. */
    public static TransactionMode of(Isolation isolation) {
        return new TransactionMode(isolation, null, null);
    }

    /** Returns this mode with that isolation. */
    public TransactionMode withIsolation(Isolation isolation) {
        return new TransactionMode(isolation, readOnly, deferrable);
    }

    /** Returns this mode, reading only or not. */
    public TransactionMode withReadOnly(boolean readOnly) {
        return new TransactionMode(isolation, readOnly, deferrable);
    }

    /** Returns this mode, deferrable or not. */
    public TransactionMode withDeferrable(boolean deferrable) {
        return new TransactionMode(isolation, readOnly, deferrable);
    }

    String beginSql() {
        StringBuilder sql = new StringBuilder("BEGIN");
        if (isolation != null) {
            sql.append(" ISOLATION LEVEL ").append(isolation.sql());
        }
        if (readOnly != null) {
            sql.append(readOnly ? " READ ONLY" : " READ WRITE");
        }
        if (deferrable != null) {
            sql.append(deferrable ? " DEFERRABLE" : " NOT DEFERRABLE");
        }
        return sql.toString();
    }
}
