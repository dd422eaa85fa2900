package dev.howdah.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.howdah.replication.ReplicationMonitor;
import dev.howdah.replication.ReplicationType;
import dev.howdah.replication.SlotState;
import dev.howdah.replication.WalSenderState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A slot, with the process that streams from it and what is to be said of both.
 *
 * @param slot the slot
 * @param sender who streams from it; null if nobody does, or somebody reads it with SQL
 */
record SlotView(SlotState slot, @Nullable WalSenderState sender) {

    /** More log than this for a slot that nobody uses is worth a word. */
    static final long MUCH = ByteSize.GB;
    /** PostgreSQL's own default for when a table has to be vacuumed against wraparound. */
    private static final int OLD = 200_000_000;

    private static final double NANOS = 1e9;

    /** How bad it is. */
    enum Health {
        FINE,
        IN_DANGER,
        LOST
    }

    /** Returns the slots of a server by name. */
    static List<SlotView> all(ReplicationMonitor monitor) {
        Map<Integer, WalSenderState> senders = new TreeMap<>();
        // Before the slots: who came in between is shown as a process without a name, and not with another's.
        monitor.walSenders().forEach(sender -> senders.put(sender.pid(), sender));
        return monitor.slots().stream()
                .map(slot -> new SlotView(slot, slot.activePid() == null ? null : senders.get(slot.activePid())))
                .toList();
    }

    Health health() {
        if (slot.isLost()) {
            return Health.LOST;
        }
        return warning() == null ? Health.FINE : Health.IN_DANGER;
    }

    /** What is wrong, or will be; null if all is well. */
    @Nullable
    String warning() {
        if (slot.isLost()) {
            return "lost" + (slot.invalidationReason() == null ? "" : ": " + slot.invalidationReason());
        }
        if ("unreserved".equals(slot.walStatus())) {
            return "will be lost soon: it keeps more than max_slot_wal_keep_size";
        }
        Long kept = slot.restartLagBytes();
        // A copy of a primary's slot is used by nobody before it is needed.
        if (!slot.active() && !Boolean.TRUE.equals(slot.synced()) && kept != null && kept >= MUCH) {
            return "nobody uses it, and it keeps " + ByteSize.text(kept);
        }
        int age = Math.max(age(slot.xminAge()), age(slot.catalogXminAge()));
        return age >= OLD ? "holds back vacuum by " + age / 1_000_000 + " million transactions" : null;
    }

    private static int age(@Nullable Integer age) {
        return age == null ? 0 : age;
    }

    String kind() {
        return slot.type() == ReplicationType.LOGICAL ? "logical " + slot.plugin() : "physical";
    }

    /** Who uses it, or for how long nobody has. */
    String usedBy(Instant now) {
        if (slot.active()) {
            String name = sender == null ? null : sender.applicationName();
            return (name == null || name.isEmpty() ? "" : name + " ") + "pid " + slot.activePid();
        }
        return slot.inactiveSince() == null
                ? "nobody"
                : "nobody for " + span(Duration.between(slot.inactiveSince(), now));
    }

    /** The time until the consumer has what is written here, as it was measured last; null if that is not known. */
    @Nullable
    Duration delay() {
        if (sender == null) {
            return null;
        }
        return sender.replayLag() == null ? sender.flushLag() : sender.replayLag();
    }

    /** A time in its largest unit. */
    static String span(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        long minutes = seconds / 60;
        if (minutes < 120) {
            return minutes + " min";
        }
        long hours = minutes / 60;
        return hours < 48 ? hours + " h" : String.format(Locale.ROOT, "%,d days", hours / 24);
    }

    String json(Instant time) {
        return JsonLine.of(object -> {
            object.writeStringField("time", time.toString());
            object.writeStringField("name", slot.name());
            object.writeStringField("type", slot.type().name().toLowerCase(Locale.ROOT));
            object.writeStringField("plugin", slot.plugin());
            object.writeStringField("database", slot.database());
            object.writeBooleanField("temporary", slot.temporary());
            object.writeBooleanField("active", slot.active());
            object.writeObjectField("activePid", slot.activePid());
            object.writeStringField("serverLsn", slot.serverLsn().toString());
            object.writeStringField("restartLsn", text(slot.restartLsn()));
            object.writeObjectField("restartLagBytes", slot.restartLagBytes());
            object.writeStringField("confirmedFlushLsn", text(slot.confirmedFlushLsn()));
            object.writeObjectField("confirmedFlushLagBytes", slot.confirmedFlushLagBytes());
            object.writeStringField("walStatus", slot.walStatus());
            object.writeObjectField("safeWalSize", slot.safeWalSize());
            object.writeObjectField("xminAge", slot.xminAge());
            object.writeObjectField("catalogXminAge", slot.catalogXminAge());
            object.writeBooleanField("twoPhase", slot.twoPhase());
            object.writeObjectField("conflicting", slot.conflicting());
            object.writeStringField("invalidationReason", slot.invalidationReason());
            object.writeObjectField("failover", slot.failover());
            object.writeObjectField("synced", slot.synced());
            object.writeStringField("inactiveSince", text(slot.inactiveSince()));
            write(object, sender);
            object.writeStringField("warning", warning());
        });
    }

    private static void write(JsonGenerator object, @Nullable WalSenderState sender) throws IOException {
        if (sender == null) {
            object.writeNullField("sender");
            return;
        }
        object.writeObjectFieldStart("sender");
        object.writeStringField("user", sender.user());
        object.writeStringField("applicationName", sender.applicationName());
        object.writeStringField(
                "clientAddress",
                sender.clientAddress() == null ? null : sender.clientAddress().getHostAddress());
        object.writeStringField("state", sender.state());
        object.writeObjectField("sentLagBytes", sender.sentLagBytes());
        object.writeObjectField("writeLagBytes", sender.writeLagBytes());
        object.writeObjectField("flushLagBytes", sender.flushLagBytes());
        object.writeObjectField("replayLagBytes", sender.replayLagBytes());
        object.writeObjectField("writeLagSeconds", seconds(sender.writeLag()));
        object.writeObjectField("flushLagSeconds", seconds(sender.flushLag()));
        object.writeObjectField("replayLagSeconds", seconds(sender.replayLag()));
        object.writeStringField("syncState", sender.syncState());
        object.writeStringField("replyTime", text(sender.replyTime()));
        object.writeEndObject();
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static @Nullable Double seconds(@Nullable Duration time) {
        return time == null ? null : time.toNanos() / NANOS;
    }
}
