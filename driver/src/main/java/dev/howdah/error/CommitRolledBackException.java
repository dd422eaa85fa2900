package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The server answered COMMIT with ROLLBACK, because an earlier statement of the transaction had failed. Nothing of the
 * transaction was kept.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-commit.html">COMMIT</a>
 */
public final class CommitRolledBackException extends PgException {
    private static final long serialVersionUID = 1L;

    /**
     * Reports a COMMIT that became a ROLLBACK.
     *
     * @param cause the error that failed the transaction; null if it is not known
     */
    public CommitRolledBackException(@Nullable PgException cause) {
        super(
                "The server rolled the transaction back instead of committing it, because a statement in it had failed",
                Delivery.REFUSED,
                cause);
    }

    /**
     * {@inheritDoc}
     *
     * @return true if the error that failed the transaction is one of SQLSTATE 40001 and 40P01
     */
    @Override
    public boolean isSafeToRetry() {
        return getCause() instanceof ServerException server && server.isSafeToRetry();
    }
}
