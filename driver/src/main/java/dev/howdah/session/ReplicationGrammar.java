package dev.howdah.session;

import dev.howdah.error.Delivery;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;

/**
 * What the commands of the replication grammar have in common: how names and texts are written in them, and what versions know.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html">Streaming Replication Protocol</a>
 */
public final class ReplicationGrammar {

    /** PostgreSQL 15, which writes options in parentheses. */
    public static final int V15 = 150_000;
    /** PostgreSQL 16. */
    public static final int V16 = 160_000;
    /** PostgreSQL 17. */
    public static final int V17 = 170_000;
    /** PostgreSQL 18. */
    public static final int V18 = 180_000;

    private static final int MAJOR = 10_000;

    private ReplicationGrammar() {}

    /**
     * Returns a name in quotes. The scanner knows no escape but the doubled quote.
     *
     * @param what it is the name of, for the message
     * @throws IllegalArgumentException if it is empty
     */
    public static String identifier(String name, String what) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException(what + " must not be empty");
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Returns a text in quotes. */
    public static String string(String value) {
        return '\'' + value.replace("'", "''") + '\'';
    }

    /**
     * Refuses what a server does not know.
     *
     * @param version of the server, as in 180003
     * @param what needs a later one, for the message
     * @throws ServerException if it is older than needed; nothing is sent
     */
    public static void require(int version, int needed, String what) {
        if (version < needed) {
            throw ServerException.inPlace(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    what + " needs PostgreSQL " + needed / MAJOR + ", the server is of version " + version / MAJOR,
                    Delivery.NOT_SENT);
        }
    }
}
