package dev.howdah.error;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The server answered with an error (an ErrorResponse). Families that programs catch are subclasses, chosen by
 * SQLSTATE; an error of any other class is a plain {@code ServerException}. An unknown code falls to the family of its
 * class, so servers newer than this driver keep their families.
 *
 * <p>The message has the severity, the primary message and the code in its first line, then detail, hint, context and,
 * where the server gave a position and the text is known, the line with a caret under the position. String literals
 * after the keyword PASSWORD are masked in that line.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public sealed class ServerException extends PgException
        permits AuthenticationException,
                DataException,
                FeatureNotSupportedException,
                IntegrityException,
                InternalErrorException,
                InvalidTransactionStateException,
                LockNotAvailableException,
                ObjectStateException,
                OperatorInterventionException,
                PlPgSqlException,
                QueryCanceledException,
                ResourceException,
                ServerConnectionException,
                SyntaxOrAccessException,
                SystemErrorException,
                TransactionRollbackException {
    private static final long serialVersionUID = 1L;

    /** The fields of the ErrorResponse. */
    private final Diagnostics diagnostics;
    /** The text of the statement, or null. */
    private final @Nullable String query;

    ServerException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(ErrorText.of(diagnostics, query), delivery, null);
        this.diagnostics = diagnostics;
        this.query = query;
    }

    /**
     * Makes the exception of the family that the SQLSTATE belongs to.
     *
     * @param diagnostics the fields of the server's ErrorResponse
     * @param query the text of the statement, without parameter values; null if there is none
     * @param delivery {@link Delivery#REFUSED} unless the caller knows less: after a FATAL error during COMMIT, for
     *     example, it is {@link Delivery#UNKNOWN}
     * @return never null
     */
    public static ServerException of(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        Objects.requireNonNull(diagnostics, "diagnostics");
        Objects.requireNonNull(delivery, "delivery");
        return switch (diagnostics.sqlState().code()) {
            case "23505" -> new UniqueViolationException(diagnostics, query, delivery);
            case "23503", "23001" -> new ForeignKeyViolationException(diagnostics, query, delivery);
            case "23502" -> new NotNullViolationException(diagnostics, query, delivery);
            case "23514" -> new CheckViolationException(diagnostics, query, delivery);
            case "23P01" -> new ExclusionViolationException(diagnostics, query, delivery);
            case "25P02" -> new FailedTransactionException(diagnostics, query, delivery);
            case "25006" -> new ReadOnlyTransactionException(diagnostics, query, delivery);
            case "40001" -> new SerializationFailureException(diagnostics, query, delivery);
            case "40P01" -> new DeadlockException(diagnostics, query, delivery);
            case "42501" -> new InsufficientPrivilegeException(diagnostics, query, delivery);
            case "42601" -> new SyntaxErrorException(diagnostics, query, delivery);
            case "42P01", "42703", "42883", "42704" -> new UndefinedObjectException(diagnostics, query, delivery);
            case "55P03" -> new LockNotAvailableException(diagnostics, query, delivery);
            case "57014" -> new QueryCanceledException(diagnostics, query, delivery);
            case "P0001" -> new RaiseException(diagnostics, query, delivery);
            default -> ofClass(diagnostics, query, delivery);
        };
    }

    /**
     * Makes the exception for something that the driver refuses or ends in the server's place. For the driver.
     *
     * @param sqlState what the server would have said
     * @param message what happened
     * @param delivery could the server have acted
     * @return never null; of the class that the state has
     */
    public static ServerException inPlace(SqlState sqlState, String message, Delivery delivery) {
        return of(Diagnostics.fromFields(Map.of('S', "ERROR", 'C', sqlState.code(), 'M', message)), null, delivery);
    }

    private static ServerException ofClass(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        return switch (diagnostics.sqlState().classCode()) {
            case "08" -> new ServerConnectionException(diagnostics, query, delivery);
            case "0A" -> new FeatureNotSupportedException(diagnostics, query, delivery);
            case "22" -> new DataException(diagnostics, query, delivery);
            case "23" -> new IntegrityException(diagnostics, query, delivery);
            case "25" -> new InvalidTransactionStateException(diagnostics, query, delivery);
            case "28" -> new AuthenticationException(diagnostics, query, delivery);
            case "40" -> new TransactionRollbackException(diagnostics, query, delivery);
            case "42" -> new SyntaxOrAccessException(diagnostics, query, delivery);
            case "53" -> new ResourceException(diagnostics, query, delivery);
            case "55" -> new ObjectStateException(diagnostics, query, delivery);
            case "57" -> new OperatorInterventionException(diagnostics, query, delivery);
            case "58" -> new SystemErrorException(diagnostics, query, delivery);
            case "P0" -> new PlPgSqlException(diagnostics, query, delivery);
            case "XX" -> new InternalErrorException(diagnostics, query, delivery);
            default -> new ServerException(diagnostics, query, delivery);
        };
    }

    /**
     * The error's code, the part to decide by.
     *
     * @return never null; {@link SqlState#NONE} if the server sent none
     */
    public final SqlState sqlState() {
        return diagnostics.sqlState();
    }

    /**
     * All fields that the server sent.
     *
     * @return never null
     */
    public final Diagnostics diagnostics() {
        return diagnostics;
    }

    /**
     * The text of the statement as it was sent, unmasked, without parameter values.
     *
     * @return null if the error belongs to no statement
     */
    public final @Nullable String query() {
        return query;
    }

    @Override
    public boolean isSafeToRetry() {
        return delivery() == Delivery.REFUSED
                && (sqlState().equals(SqlState.SERIALIZATION_FAILURE)
                        || sqlState().equals(SqlState.DEADLOCK_DETECTED));
    }
}
