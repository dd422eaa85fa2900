package dev.howdah.pump;

import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.PgException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells what may be over when one connects again from what will not. */
public final class PassingFailures {

    /** Besides those of class 08 and 57: the server has no room, or somebody else has the slot, as a lost connection may for a while. */
    private static final Set<SqlState> PASSING =
            Set.of(SqlState.OBJECT_IN_USE, SqlState.TOO_MANY_CONNECTIONS, SqlState.CONFIGURATION_LIMIT_EXCEEDED);

    private PassingFailures() {}

    /** Returns whether to try again after a failure. */
    public static boolean isPassing(PgException why) {
        return switch (why) {
            case ConnectionLostException lost -> true;
            case QueryTimeoutException timeout -> true;
            case ConnectFailedException failed -> isPassing(failed.sqlState());
            case ServerException server -> isPassing(server.sqlState());
            default -> false;
        };
    }

    /** A connection that could not be made at all may be possible later; a role or password that is refused will not. */
    private static boolean isPassing(@Nullable SqlState state) {
        return state == null
                || PASSING.contains(state)
                || state.code().startsWith("57")
                || state.code().startsWith("08");
    }
}
