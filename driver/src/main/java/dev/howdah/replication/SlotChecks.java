package dev.howdah.replication;

import dev.howdah.Row;
import dev.howdah.replication.Finding.Check;
import dev.howdah.replication.PreflightFacts.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a preflight asks of the slot. */
final class SlotChecks {

    private static final String SPILLED = """
            select spill_txns, spill_bytes from pg_catalog.pg_stat_replication_slots where slot_name = $1 and spill_bytes > 0
            """;

    private SlotChecks() {}

    /** Finds out one thing of a slot that is there; null if there is nothing to say. */
    @FunctionalInterface
    interface SlotQuestion {
        @Nullable
        Finding ask(SlotState slot, PreflightFacts facts);
    }

    /** A question that is not asked where there is no slot. */
    static PreflightLook.Question ofSlot(SlotQuestion question) {
        return facts -> {
            SlotState slot = facts.slot();
            Finding found = slot == null ? null : question.ask(slot, facts);
            return found == null ? List.of() : List.of(found);
        };
    }

    private static boolean isLogical(SlotState slot) {
        return slot.type() == ReplicationType.LOGICAL;
    }

    static List<Finding> exists(PreflightFacts facts) {
        String name = facts.asked().slot;
        if (name == null) {
            return List.of();
        }
        if (facts.slot() != null) {
            return List.of(Finding.ok(Check.SLOT_EXISTS, name, "There is a slot " + name + "."));
        }
        return List.of(Finding.error(
                Check.SLOT_EXISTS,
                name,
                "There is no slot " + name + ".",
                "make it, and copy the rows that are there: a new slot has only what comes after it was made"));
    }

    static Finding type(SlotState slot, PreflightFacts facts) {
        return isLogical(slot)
                ? Finding.ok(Check.SLOT_TYPE, slot.name(), "The slot is a logical one.")
                : Finding.error(
                        Check.SLOT_TYPE,
                        slot.name(),
                        "The slot is a physical one, which decodes nothing.",
                        "make a logical one of another name");
    }

    static @Nullable Finding database(SlotState slot, PreflightFacts facts) {
        if (!isLogical(slot)) {
            return null;
        }
        String here = facts.who().database();
        return here.equals(slot.database())
                ? Finding.ok(Check.SLOT_DATABASE, slot.name(), "The slot is of the database " + here + ".")
                : Finding.error(
                        Check.SLOT_DATABASE,
                        slot.name(),
                        "The slot is of the database " + slot.database() + ", and the connection to " + here + ".",
                        "connect to " + slot.database());
    }

    static @Nullable Finding plugin(SlotState slot, PreflightFacts facts) {
        if (!isLogical(slot)) {
            return null;
        }
        String plugin = facts.asked().plugin;
        return plugin.equals(slot.plugin())
                ? Finding.ok(Check.SLOT_PLUGIN, slot.name(), "The slot has the output plugin " + plugin + ".")
                : Finding.error(
                        Check.SLOT_PLUGIN,
                        slot.name(),
                        "The slot has the output plugin " + slot.plugin() + ", not " + plugin + ".",
                        "read what " + slot.plugin() + " writes, or make a slot of another name");
    }

    static Finding active(SlotState slot, PreflightFacts facts) {
        if (!slot.active()) {
            return Finding.ok(Check.SLOT_ACTIVE, slot.name(), "Nobody uses the slot.");
        }
        String user = facts.walSenders().stream()
                .filter(sender -> Integer.valueOf(sender.pid()).equals(slot.activePid()))
                .map(sender -> " of " + sender.user() + " (" + sender.applicationName() + ")")
                .findFirst()
                .orElse("");
        return Finding.error(
                Check.SLOT_ACTIVE,
                slot.name(),
                "The process " + slot.activePid() + user + " uses the slot.",
                "stop that consumer; if its connection was cut, wait for wal_sender_timeout, or select pg_terminate_backend("
                        + slot.activePid() + ")");
    }

    static Finding invalidated(SlotState slot, PreflightFacts facts) {
        if (!slot.isLost()) {
            return Finding.ok(Check.SLOT_INVALIDATED, slot.name(), "The slot is not lost.");
        }
        String reason = slot.invalidationReason();
        return Finding.error(
                Check.SLOT_INVALIDATED,
                slot.name(),
                "The slot is lost" + (reason == null ? "" : ": " + reason) + "; changes are missing.",
                "drop it, make it anew, and copy the rows that are there again");
    }

    static @Nullable Finding retention(SlotState slot, PreflightFacts facts) {
        Long kept = slot.restartLagBytes();
        if (slot.isLost() || kept == null) {
            return null;
        }
        Long room = slot.safeWalSize();
        String text = "The server keeps " + Amount.bytes(kept) + " of log for the slot";
        String advice = "have the consumer catch up; or raise max_slot_wal_keep_size, which needs no restart";
        if ("unreserved".equals(slot.walStatus()) || room != null && room <= 0) {
            String lost = text + ", more than max_slot_wal_keep_size: the next checkpoint may lose it.";
            return Finding.warning(Check.SLOT_RETENTION, slot.name(), lost, advice);
        }
        if (room != null && kept / 3 > room) {
            String soon = text + "; after " + Amount.bytes(room) + " more it is in danger of being lost.";
            return Finding.warning(Check.SLOT_RETENTION, slot.name(), soon, advice);
        }
        if (!slot.active() && !Boolean.TRUE.equals(slot.synced()) && kept >= facts.asked().largeRetention) {
            return Finding.warning(
                    Check.SLOT_RETENTION,
                    slot.name(),
                    text + ", and nobody uses it.",
                    "start the consumer, or drop the slot if nobody needs it");
        }
        String left = room == null ? "." : "; there is room for " + Amount.bytes(room) + " more.";
        return Finding.ok(Check.SLOT_RETENTION, slot.name(), text + left);
    }

    static @Nullable Finding horizon(SlotState slot, PreflightFacts facts) {
        Integer age = slot.catalogXminAge();
        if (age == null) {
            return null;
        }
        long most = facts.given("autovacuum_freeze_max_age").number();
        String text = "The slot holds back vacuum of the system catalogs by "
                + Amount.count(age, "transaction", "transactions");
        return age <= most
                ? Finding.ok(Check.SLOT_HORIZON, slot.name(), text + ".")
                : Finding.warning(
                        Check.SLOT_HORIZON,
                        slot.name(),
                        text + ", more than autovacuum_freeze_max_age, " + most + ".",
                        "have the consumer catch up, or drop the slot if nobody needs it");
    }

    static @Nullable Finding twoPhase(SlotState slot, PreflightFacts facts) {
        return slot.twoPhase()
                ? Finding.note(
                        Check.SLOT_TWO_PHASE,
                        slot.name(),
                        "The slot sends prepared transactions when they are prepared: the consumer has to keep them until"
                                + " they are committed or rolled back.",
                        null)
                : null;
    }

    static @Nullable Finding failover(SlotState slot, PreflightFacts facts) {
        if (slot.failover() == null || !isLogical(slot)) {
            return null;
        }
        if (!slot.failover()) {
            return Finding.ok(Check.SLOT_FAILOVER, slot.name(), "The slot is not copied to standbys.");
        }
        Setting awaited = facts.setting("synchronized_standby_slots");
        return awaited == null || !awaited.value().isEmpty()
                ? Finding.ok(Check.SLOT_FAILOVER, slot.name(), "The slot is copied to standbys.")
                : Finding.warning(
                        Check.SLOT_FAILOVER,
                        slot.name(),
                        "The slot is copied to standbys, but synchronized_standby_slots is empty, so that the consumer can"
                                + " get changes that a standby does not have when it is promoted.",
                        "set synchronized_standby_slots to the physical slots of those standbys");
    }

    static @Nullable Finding synced(SlotState slot, PreflightFacts facts) {
        return Boolean.TRUE.equals(slot.synced()) && facts.who().standby()
                ? Finding.error(
                        Check.SLOT_SYNCED,
                        slot.name(),
                        "The slot is a copy of the primary's, which cannot be used until this standby is promoted.",
                        "connect to the primary")
                : null;
    }

    static @Nullable Finding spill(SlotState slot, PreflightFacts facts) {
        List<Row> spilled = facts.query(SPILLED, slot.name());
        if (spilled.isEmpty()) {
            return null;
        }
        Row row = spilled.getFirst();
        return Finding.note(
                Check.SLOT_SPILL,
                slot.name(),
                "Decoding has written " + Amount.bytes(row.getLong("spill_bytes")) + " of "
                        + Amount.count(row.getLong("spill_txns"), "large transaction", "large transactions")
                        + " to disk.",
                "raise logical_decoding_work_mem, or have pgoutput stream transactions that are in progress");
    }
}
