package dev.howdah.event;

import dev.howdah.error.PasswordMask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An operation that a connection has run, whether it succeeded or failed. Immutable, but the parameters are the caller's
 * own objects.
 *
 * <p>Passwords are hidden whoever makes one: in the text as in messages, see {@link PasswordMask}, and where the text has
 * the word PASSWORD in it, every parameter is {@link #HIDDEN}.
 *
 * @param kind what kind of operation it was
 * @param sql the text as the caller gave it, or what the driver sent where it gave none, as for {@code COMMIT}
 * @param parameters the values as the caller gave them; none of a batch. Unmodifiable
 * @param sets how many sets of parameters a batch has taken; 0 if it was none
 * @param timeout how long it was allowed to take, null for no limit
 * @param started when it began, by this machine's clock
 * @param elapsed how long it took, waiting for its turn included
 * @param rows how many rows it returned or affected, of a script its last statement, of a page that page; -1 if the server
 *     does not say or it failed
 * @param exception what the caller got instead of a result, null if it succeeded
 */
public record QueryEvent(
        Kind kind,
        String sql,
        List<@Nullable Object> parameters,
        int sets,
        @Nullable Duration timeout,
        Instant started,
        Duration elapsed,
        long rows,
        @Nullable Throwable exception) {

    /** What stands in the place of a parameter that is not told. */
    public static final String HIDDEN = "***";

    /** A kind of operation. */
    public enum Kind {
        /** One statement whose parameters were bound, be there none. */
        QUERY,
        /** A text of any number of statements, sent as it is. */
        SCRIPT,
        /** One statement with many sets of parameters. */
        BATCH,
        /** A statement was prepared; each run of it is a {@link #QUERY} or a {@link #BATCH}. */
        PREPARE,
        /** A cursor, a stream or a publisher's query was opened, which may have brought the first rows. */
        OPEN,
        /** An open one was asked for more rows, or moved. */
        FETCH,
        /** An open one was closed. */
        CLOSE,
        /** Data were copied to or from the server, from the COPY statement to its end. */
        COPY,
        /** A replication stream, from its command to its end. */
        REPLICATION,
        /** A transaction or savepoint was begun or ended, in one phase or two. */
        TRANSACTION,
        /**
         * Something was done with a large object; the text is the function of the server, without what was read or written.
         * What needs nothing from the server, because it has been read ahead or is to be written later, is not told.
         */
        LARGE_OBJECT,
        /** The session was changed: LISTEN, UNLISTEN, what transactions begin with, a reset. */
        SESSION
    }

    /** Hides passwords and copies the list. */
    public QueryEvent {
        Objects.requireNonNull(kind, "kind");
        boolean secret = sql.toUpperCase(Locale.ROOT).contains("PASSWORD");
        sql = secret ? PasswordMask.apply(sql) : sql;
        parameters = secret ? hidden(parameters.size()) : Collections.unmodifiableList(new ArrayList<>(parameters));
    }

    private static List<@Nullable Object> hidden(int count) {
        @Nullable Object[] values = new @Nullable Object[count];
        Arrays.fill(values, HIDDEN);
        return Collections.unmodifiableList(Arrays.asList(values));
    }

    /** Returns whether it failed. */
    public boolean isFailed() {
        return exception != null;
    }

    /** Returns the same event with each parameter {@link #HIDDEN}: how many there were is left. */
    public QueryEvent masked() {
        return new QueryEvent(kind, sql, hidden(parameters.size()), sets, timeout, started, elapsed, rows, exception);
    }

    /** Returns kind, duration, outcome and text; no value of a parameter. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(kind.toString());
        out.append(" (").append(milliseconds());
        Throwable failure = exception;
        if (failure != null) {
            out.append(", failed: ").append(failure.getClass().getSimpleName());
        } else if (rows >= 0) {
            out.append(", ").append(count(rows, "row"));
        }
        if (sets > 0) {
            out.append(", ").append(count(sets, "set"));
        }
        if (!parameters.isEmpty()) {
            out.append(", ").append(count(parameters.size(), "parameter"));
        }
        return out.append("): ").append(sql).toString();
    }

    private String milliseconds() {
        return String.format(Locale.ROOT, "%.3f ms", elapsed.toNanos() / 1e6);
    }

    private static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
