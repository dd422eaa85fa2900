package dev.howdah.replication;

import dev.howdah.replication.Finding.Check;
import dev.howdah.replication.PreflightFacts.Setting;
import dev.howdah.sql.Identifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a preflight asks of the server, its settings and the role. */
final class ServerChecks {

    private static final int MAJOR = 10_000;
    private static final int V16 = 160_000;
    /** Where the first logical slot makes the log have what decoding needs. */
    private static final int V19 = 190_000;

    /** The first minor version of each major one that does not lose changes of a table that is added to a publication. */
    private static final Map<Integer, Integer> MENDED = Map.of(14, 18, 15, 13, 16, 9, 17, 5);

    /** A quoted name, or one up to the next comma, space or parenthesis; or the parenthesis. */
    private static final Pattern NAME = Pattern.compile("\"((?:[^\"]|\"\")*)\"|([^\\s,()\"]+)|\\(");

    private ServerChecks() {}

    static List<Finding> version(PreflightFacts facts) {
        String name = "PostgreSQL " + facts.versionText();
        String mended = mended(facts.version());
        return List.of(
                mended == null
                        ? Finding.ok(Check.SERVER_VERSION, name, "The server is " + name + ".")
                        : Finding.warning(
                                Check.SERVER_VERSION,
                                name,
                                name + " can lose changes of a table that is added to a publication while a transaction"
                                        + " that changes it is open.",
                                "update the server to " + mended + " or later"));
    }

    /** Returns the version that has mended what this one has wrong; null if it has it right. */
    static @Nullable String mended(int version) {
        Integer minor = MENDED.get(version / MAJOR);
        return minor == null || version % MAJOR >= minor ? null : version / MAJOR + "." + minor;
    }

    static List<Finding> standby(PreflightFacts facts) {
        if (!facts.who().standby()) {
            return List.of(Finding.ok(Check.STANDBY, "recovery", "The server is no standby."));
        }
        if (facts.version() < V16) {
            return List.of(Finding.error(
                    Check.STANDBY,
                    "recovery",
                    "The server is a standby, and PostgreSQL " + facts.versionText() + " does not decode on one.",
                    "connect to the primary, or use PostgreSQL 16 or later"));
        }
        if (!facts.given("hot_standby_feedback").value().equals("on")) {
            return List.of(Finding.warning(
                    Check.STANDBY,
                    "hot_standby_feedback",
                    "The server is a standby and hot_standby_feedback is off, so that the primary may remove rows that a slot"
                            + " here needs, which loses it.",
                    "alter system set hot_standby_feedback = on, and use a slot on the primary"));
        }
        return List.of(Finding.note(
                Check.STANDBY,
                "recovery",
                "The server is a standby: making a slot waits until the primary writes what transactions it has open.",
                "select pg_log_standby_snapshot() on the primary"));
    }

    static List<Finding> walLevel(PreflightFacts facts) {
        String level = facts.given("wal_level").value();
        Setting effective = facts.setting("effective_wal_level");
        String name = "wal_level";
        if (facts.version() >= V19 && effective != null) {
            name = "effective_wal_level";
            level = level.equals("minimal") ? level : "logical";
        }
        if (level.equals("logical")) {
            String text = name.equals("wal_level")
                    ? "wal_level is logical."
                    : "wal_level is enough: the log has what decoding needs from the first logical slot on; now"
                            + " effective_wal_level is "
                            + Objects.requireNonNull(effective).value() + ".";
            return List.of(Finding.ok(Check.WAL_LEVEL, name, text));
        }
        return List.of(Finding.error(
                Check.WAL_LEVEL,
                "wal_level",
                "wal_level is " + level + ", so that the log does not have what decoding needs.",
                "alter system set wal_level = logical, and restart the server"));
    }

    static List<Finding> sendersFree(PreflightFacts facts) {
        long most = facts.given("max_wal_senders").number();
        long used = facts.walSenders().size();
        String text = used + " of " + most + " processes that send the log are in use";
        if (used < most) {
            return List.of(Finding.ok(Check.SENDERS_FREE, "max_wal_senders", text + "."));
        }
        return List.of(Finding.error(
                Check.SENDERS_FREE,
                "max_wal_senders",
                text + ", so that no stream can start.",
                "raise max_wal_senders, which needs a restart, or end one that nobody needs: see pg_stat_replication"));
    }

    static List<Finding> slotsFree(PreflightFacts facts) {
        long most = facts.given("max_replication_slots").number();
        long used = facts.slots().size();
        String text = used + " of " + most + " slots are there";
        if (used < most || facts.slot() != null) {
            return List.of(Finding.ok(Check.SLOTS_FREE, "max_replication_slots", text + "."));
        }
        return List.of(
                Finding.error(
                        Check.SLOTS_FREE,
                        "max_replication_slots",
                        text + ", so that none can be made.",
                        "drop one that nobody needs (see pg_replication_slots), or raise max_replication_slots, which needs a restart"));
    }

    static List<Finding> role(PreflightFacts facts) {
        PreflightFacts.Who who = facts.who();
        if (who.superuser() || who.replicates()) {
            return List.of(
                    Finding.ok(Check.ROLE_REPLICATION, who.role(), "The role " + who.role() + " may replicate."));
        }
        return List.of(Finding.error(
                Check.ROLE_REPLICATION,
                who.role(),
                "The role " + who.role() + " has not the attribute REPLICATION.",
                "alter role " + Identifier.of(who.role()).quoted() + " replication"));
    }

    static List<Finding> plugin(PreflightFacts facts) {
        String plugin = facts.asked().plugin;
        Setting allowed = facts.setting("output_plugin_libraries");
        if (allowed != null && !allows(allowed.value(), plugin)) {
            return List.of(Finding.error(
                    Check.PLUGIN_ALLOWED,
                    "output_plugin_libraries",
                    "The output plugin " + plugin + " is not in output_plugin_libraries, which is " + allowed.value()
                            + ".",
                    "add " + plugin + " to output_plugin_libraries, or use pgoutput"));
        }
        if (plugin.equals("pgoutput") || facts.slots().stream().anyMatch(slot -> plugin.equals(slot.plugin()))) {
            return List.of(Finding.ok(Check.PLUGIN_ALLOWED, plugin, "The output plugin " + plugin + " may be used."));
        }
        return List.of(Finding.note(
                Check.PLUGIN_ALLOWED,
                plugin,
                "Whether the output plugin " + plugin + " is installed is seen when a slot is made.",
                null));
    }

    private static boolean allows(String libraries, String plugin) {
        return Arrays.stream(libraries.split(","))
                .map(name -> name.strip().replace("\"", ""))
                .anyMatch(name -> name.equals(plugin) || name.equals("*"));
    }

    static List<Finding> statusInterval(PreflightFacts facts) {
        Duration interval = facts.asked().statusInterval;
        Duration timeout = facts.given("wal_sender_timeout").time();
        String text = "Status goes out every " + Amount.time(interval) + ", and wal_sender_timeout is ";
        if (timeout.isZero()) {
            return List.of(Finding.note(
                    Check.STATUS_INTERVAL,
                    "wal_sender_timeout",
                    text + "0, so that the server never notices that a consumer is gone, and keeps its slot in use.",
                    "set wal_sender_timeout, as to 60s"));
        }
        text += Amount.time(timeout);
        if (interval.multipliedBy(3).compareTo(timeout) <= 0) {
            return List.of(Finding.ok(Check.STATUS_INTERVAL, "wal_sender_timeout", text + "."));
        }
        return List.of(Finding.warning(
                Check.STATUS_INTERVAL,
                "wal_sender_timeout",
                text + ", so that "
                        + (interval.compareTo(timeout) >= 0
                                ? "the server ends the stream of a consumer that it has not heard of in between."
                                : "one late status can end the stream."),
                "make the status interval a third of it or less, or raise wal_sender_timeout"));
    }

    static List<Finding> retentionLimit(PreflightFacts facts) {
        List<Finding> found = new ArrayList<>();
        long bytes = facts.given("max_slot_wal_keep_size").bytes();
        found.add(
                bytes < 0
                        ? Finding.note(
                                Check.RETENTION_LIMIT,
                                "max_slot_wal_keep_size",
                                "Nothing limits the log that slots keep: a consumer that stays away fills the disk.",
                                "watch pg_replication_slots, or set max_slot_wal_keep_size")
                        : Finding.note(
                                Check.RETENTION_LIMIT,
                                "max_slot_wal_keep_size",
                                "A slot that keeps more than " + Amount.bytes(bytes) + " of log is lost.",
                                "watch pg_replication_slots.safe_wal_size"));
        Setting idle = facts.setting("idle_replication_slot_timeout");
        if (idle != null && idle.number() > 0) {
            found.add(Finding.note(
                    Check.RETENTION_LIMIT,
                    "idle_replication_slot_timeout",
                    "A slot that nobody uses for " + Amount.time(idle.time()) + " is lost.",
                    "have the consumer back before"));
        }
        return found;
    }

    static List<Finding> decodingMemory(PreflightFacts facts) {
        long bytes = facts.given("logical_decoding_work_mem").bytes();
        return List.of(Finding.ok(
                Check.DECODING_MEMORY,
                "logical_decoding_work_mem",
                "Decoding takes " + Amount.bytes(bytes)
                        + " of memory for a stream before it writes to disk or streams."));
    }

    static List<Finding> synchronousStandby(PreflightFacts facts) {
        String names = facts.given("synchronous_standby_names").value();
        String own = facts.asked().applicationName;
        String name = own == null ? facts.given("application_name").value() : own;
        if (!isNamed(names, name)) {
            return List.of(Finding.ok(
                    Check.SYNCHRONOUS_STANDBY, "synchronous_standby_names", "No commit waits for the consumer."));
        }
        return List.of(Finding.warning(
                Check.SYNCHRONOUS_STANDBY,
                "synchronous_standby_names",
                "synchronous_standby_names is " + names + ", which a consumer with the application_name '" + name
                        + "' matches: commits wait until it has confirmed.",
                "give the consumer another application_name, or name the standbys"));
    }

    /** Whether a list of standbys, as in {@code FIRST 1 (a, "b c")}, has a name; upper and lower case are the same. */
    static boolean isNamed(String list, String name) {
        List<String> names = new ArrayList<>();
        Matcher matcher = NAME.matcher(list);
        while (matcher.find()) {
            if (matcher.group().equals("(")) {
                names.clear();
            } else {
                String quoted = matcher.group(1);
                names.add(quoted == null ? matcher.group(2) : quoted.replace("\"\"", "\""));
            }
        }
        return names.stream().anyMatch(each -> each.equals("*") || each.equalsIgnoreCase(name));
    }
}
