package dev.howdah;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that has been prepared and waits to be committed or rolled back, as {@link TwoPhase#recover()} finds it.
 * Immutable.
 *
 * @param xid its name; of three parts if it has the form that they have
 * @param gid its name as the server has it, the same as {@code xid.toString()}
 * @param prepared when it was prepared
 * @param owner the role that prepared it, null if that has been dropped; it or a superuser may end it
 * @param database where it was prepared; only a session in that database can end it
 * @see <a href="https://www.postgresql.org/docs/current/view-pg-prepared-xacts.html">pg_prepared_xacts</a>
 */
public record PreparedTransaction(
        Xid xid, String gid, Instant prepared, @Nullable String owner, String database) {}
