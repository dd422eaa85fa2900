package dev.howdah.replication;

import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Says what to do where the server only says what is wrong. */
final class Advice {

    private static final Map<SqlState, String> BY_STATE = Map.of(
            SqlState.OBJECT_IN_USE,
            "Somebody else streams from the slot: pg_replication_slots.active_pid says who. After a connection was cut the server may"
                    + " take up to wal_sender_timeout to notice.",
            SqlState.CONFIGURATION_LIMIT_EXCEEDED,
            "max_replication_slots, or slots that nobody needs any more: see pg_replication_slots.",
            SqlState.INSUFFICIENT_PRIVILEGE,
            "The role needs REPLICATION, and the plugin has to be allowed (output_plugin_libraries).",
            SqlState.UNDEFINED_FILE,
            "A file is missing: an output plugin that is not installed, or log that is gone because no slot kept it.");

    private Advice() {}

    static <T extends @Nullable Object> T given(Supplier<T> work) {
        try {
            return work.get();
        } catch (ServerException e) {
            String advice = BY_STATE.get(e.sqlState());
            if (advice != null) {
                e.remark(advice);
            }
            throw e;
        }
    }
}
