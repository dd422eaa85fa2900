package dev.howdah.session;

import dev.howdah.error.PgException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import org.jspecify.annotations.Nullable;

/** Tells whether a failure only says that the server does not take a prepared statement any more. */
final class StaleStatement {

    private static final String RECEIVE_ROW = "record_recv";
    private static final String REVALIDATE = "RevalidateCachedQuery";

    private StaleStatement() {}

    /**
     * Returns true if the result of the statement has changed since it was prepared, or if the server does not know it:
     * somebody dropped it behind our back. It has not run in either case.
     */
    static boolean isReason(@Nullable PgException failure) {
        if (!(failure instanceof ServerException error)) {
            return false;
        }
        SqlState state = error.sqlState();
        return state.equals(SqlState.INVALID_SQL_STATEMENT_NAME)
                || state.equals(SqlState.FEATURE_NOT_SUPPORTED)
                        && REVALIDATE.equals(error.diagnostics().sourceFunction());
    }

    /**
     * Returns true if the parameters of the statement do not have types that it can have now; it may be that the columns
     * they go to, or are compared with, were altered.
     */
    static boolean isMismatch(@Nullable PgException failure) {
        return failure instanceof ServerException error
                && !isChangedType(failure)
                && (error.sqlState().equals(SqlState.DATATYPE_MISMATCH)
                        || error.sqlState().equals(SqlState.UNDEFINED_FUNCTION));
    }

    /**
     * Returns true if a row value that was sent does not have the attributes that its type has now: it was altered. The
     * statement has not run.
     */
    static boolean isChangedType(@Nullable PgException failure) {
        return failure instanceof ServerException error
                && error.sqlState().equals(SqlState.DATATYPE_MISMATCH)
                && RECEIVE_ROW.equals(error.diagnostics().sourceFunction());
    }
}
