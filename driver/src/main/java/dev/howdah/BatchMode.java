package dev.howdah;

/** How a batch sends its sets of parameters. */
public enum BatchMode {

    /**
     * Each set by itself, one after another without waiting. Takes every statement; each set has a count of its own, and the
     * one that fails is named.
     */
    PIPELINED,

    /**
     * Thousands of sets at once: each parameter is bound as the array of its values, and the server makes rows of them
     * ({@code unnest}). Faster where the sets are many and small. Takes
     *
     * <ul>
     *   <li>{@code INSERT} of one row of {@code VALUES} that holds all parameters, with {@code ON CONFLICT} and {@code
     *       RETURNING} or not; it is rewritten. No parameter may be an array itself, none of its values {@code DEFAULT}.
     *   <li>any statement whose parameters are all arrays, such as {@code update t set v = u.v from unnest($1::int[],
     *       $2::text[]) as u (id, v) where t.id = u.id}: a set has one element for each.
     * </ul>
     *
     * Others are refused with an {@link IllegalArgumentException} that says why, before anything is run.
     *
     * <p>Some things differ. Sets sent at once are one statement: where one fails, only the range is known in which it is
     * ({@link dev.howdah.error.PgException#batchFirst()}), triggers of the statement fire once, and {@code ON CONFLICT DO
     * UPDATE} refuses to touch one row twice. A set's own count is known only if the statement was rewritten and each set
     * made a row; else it is -1.
     *
     * @see <a href="https://www.postgresql.org/docs/current/functions-array.html">unnest</a>
     */
    ARRAYS
}
