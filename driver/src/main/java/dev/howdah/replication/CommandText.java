package dev.howdah.replication;

import dev.howdah.session.ReplicationGrammar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The commands of the replication grammar, as a server of some version reads them: all quoting is here, and what a server does not
 * know is refused here.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html">Streaming Replication Protocol</a>
 */
final class CommandText {

    private final int version;

    /**
     * Makes one.
     *
     * @param version of the server, as in 180003
     */
    CommandText(int version) {
        this.version = version;
    }

    String show(String name) {
        List<String> parts = new ArrayList<>();
        for (String part : name.split("\\.", -1)) {
            parts.add(ReplicationGrammar.identifier(part, "the name of a setting"));
        }
        return "SHOW " + String.join(".", parts);
    }

    String timelineHistory(long timeline) {
        if (timeline < 1 || timeline > 0xffff_ffffL) {
            throw new IllegalArgumentException("a timeline is a number from 1 to 4294967295, not " + timeline);
        }
        return "TIMELINE_HISTORY " + timeline;
    }

    String createSlot(String name, ReplicationType type, @Nullable String plugin, SlotOptions options) {
        boolean logical = type == ReplicationType.LOGICAL;
        if (logical && plugin == null) {
            throw new IllegalArgumentException("a logical slot needs an output plugin, such as pgoutput");
        } else if (!logical && plugin != null) {
            throw new IllegalArgumentException("a physical slot has no output plugin, but '" + plugin + "' was given");
        }
        if (logical && options.reserveWal) {
            throw new IllegalArgumentException("reserveWal is for physical slots: a logical one always keeps the log");
        } else if (!logical && (options.snapshot != null || options.twoPhase || options.failover)) {
            throw new IllegalArgumentException("snapshot, twoPhase and failover are for logical slots");
        }
        StringBuilder text = new StringBuilder("CREATE_REPLICATION_SLOT ").append(slot(name));
        text.append(options.temporary ? " TEMPORARY " : " ").append(type);
        if (plugin != null) {
            text.append(' ').append(ReplicationGrammar.identifier(plugin, "the output plugin"));
        }
        return text.append(version >= ReplicationGrammar.V15 ? newOptions(options) : oldOptions(options))
                .toString();
    }

    private String newOptions(SlotOptions options) {
        List<String> all = new ArrayList<>();
        if (options.reserveWal) {
            all.add("RESERVE_WAL true");
        }
        if (options.snapshot != null) {
            all.add(
                    switch (options.snapshot) {
                        case EXPORT -> "SNAPSHOT 'export'";
                        case USE -> "SNAPSHOT 'use'";
                        case NOTHING -> "SNAPSHOT 'nothing'";
                    });
        }
        if (options.twoPhase) {
            all.add("TWO_PHASE true");
        }
        if (options.failover) {
            require(ReplicationGrammar.V17, "a failover slot");
            all.add("FAILOVER true");
        }
        return all.isEmpty() ? "" : " (" + String.join(", ", all) + ")";
    }

    private String oldOptions(SlotOptions options) {
        if (options.twoPhase) {
            require(ReplicationGrammar.V15, "a slot for two-phase transactions");
        }
        if (options.failover) {
            require(ReplicationGrammar.V17, "a failover slot");
        }
        StringBuilder text = new StringBuilder(options.reserveWal ? " RESERVE_WAL" : "");
        if (options.snapshot != null) {
            text.append(
                    switch (options.snapshot) {
                        case EXPORT -> " EXPORT_SNAPSHOT";
                        case USE -> " USE_SNAPSHOT";
                        case NOTHING -> " NOEXPORT_SNAPSHOT";
                    });
        }
        return text.toString();
    }

    String alterSlot(String name, @Nullable Boolean failover, @Nullable Boolean twoPhase) {
        require(ReplicationGrammar.V17, "ALTER_REPLICATION_SLOT");
        List<String> all = new ArrayList<>();
        if (failover != null) {
            all.add("FAILOVER " + failover);
        }
        if (twoPhase != null) {
            require(ReplicationGrammar.V18, "ALTER_REPLICATION_SLOT with TWO_PHASE");
            all.add("TWO_PHASE " + twoPhase);
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to alter: say failover or twoPhase");
        }
        return "ALTER_REPLICATION_SLOT " + slot(name) + " (" + String.join(", ", all) + ")";
    }

    String readSlot(String name) {
        require(ReplicationGrammar.V15, "READ_REPLICATION_SLOT");
        return "READ_REPLICATION_SLOT " + slot(name);
    }

    String dropSlot(String name, boolean waits) {
        return "DROP_REPLICATION_SLOT " + slot(name) + (waits ? " WAIT" : "");
    }

    String start(StreamOptions options, ReplicationType type) {
        boolean logical = type == ReplicationType.LOGICAL;
        if (logical && options.slot == null) {
            throw new IllegalArgumentException("a logical stream needs a slot");
        } else if (logical && options.timeline != 0) {
            throw new IllegalArgumentException("a timeline is for physical streams");
        } else if (!logical && !options.plugin.isEmpty()) {
            throw new IllegalArgumentException("options are for the output plugin of a logical stream");
        }
        StringBuilder text = new StringBuilder("START_REPLICATION");
        if (options.slot != null) {
            text.append(" SLOT ").append(slot(options.slot));
        }
        text.append(' ').append(type).append(' ').append(options.startLsn);
        if (options.timeline != 0) {
            text.append(" TIMELINE ").append(options.timeline);
        }
        if (!options.plugin.isEmpty()) {
            List<String> all = new ArrayList<>();
            for (Map.Entry<String, String> option : options.plugin.entrySet()) {
                all.add(ReplicationGrammar.identifier(option.getKey(), "an option's name") + " "
                        + ReplicationGrammar.string(option.getValue()));
            }
            text.append(" (").append(String.join(", ", all)).append(')');
        }
        return text.toString();
    }

    private void require(int needed, String what) {
        ReplicationGrammar.require(version, needed, what);
    }

    private static String slot(String name) {
        return ReplicationGrammar.identifier(Objects.requireNonNull(name, "slot"), "the name of a slot");
    }
}
