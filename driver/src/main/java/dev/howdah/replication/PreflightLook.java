package dev.howdah.replication;

import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.replication.Finding.Check;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One line in the table of what a preflight looks at.
 *
 * @param check what for
 * @param settings without which it cannot say anything
 * @param question what finds out
 */
record PreflightLook(Check check, List<String> settings, Question question) {

    /** Finds out one thing. */
    @FunctionalInterface
    interface Question {
        List<Finding> ask(PreflightFacts facts);
    }

    private static final List<PreflightLook> TABLE = List.of(
            look(Check.SERVER_VERSION, ServerChecks::version),
            look(Check.STANDBY, ServerChecks::standby, "hot_standby_feedback"),
            look(Check.WAL_LEVEL, ServerChecks::walLevel, "wal_level"),
            look(Check.SENDERS_FREE, ServerChecks::sendersFree, "max_wal_senders"),
            look(Check.SLOTS_FREE, ServerChecks::slotsFree, "max_replication_slots"),
            look(Check.ROLE_REPLICATION, ServerChecks::role),
            look(Check.PLUGIN_ALLOWED, ServerChecks::plugin),
            look(Check.STATUS_INTERVAL, ServerChecks::statusInterval, "wal_sender_timeout"),
            look(Check.RETENTION_LIMIT, ServerChecks::retentionLimit, "max_slot_wal_keep_size"),
            look(Check.DECODING_MEMORY, ServerChecks::decodingMemory, "logical_decoding_work_mem"),
            look(
                    Check.SYNCHRONOUS_STANDBY,
                    ServerChecks::synchronousStandby,
                    "synchronous_standby_names",
                    "application_name"),
            look(Check.LONG_TRANSACTIONS, TransactionChecks::open),
            look(Check.PREPARED_TRANSACTIONS, TransactionChecks::prepared),
            look(Check.SLOT_EXISTS, SlotChecks::exists),
            look(Check.SLOT_TYPE, SlotChecks.ofSlot(SlotChecks::type)),
            look(Check.SLOT_DATABASE, SlotChecks.ofSlot(SlotChecks::database)),
            look(Check.SLOT_PLUGIN, SlotChecks.ofSlot(SlotChecks::plugin)),
            look(Check.SLOT_ACTIVE, SlotChecks.ofSlot(SlotChecks::active)),
            look(Check.SLOT_INVALIDATED, SlotChecks.ofSlot(SlotChecks::invalidated)),
            look(Check.SLOT_RETENTION, SlotChecks.ofSlot(SlotChecks::retention)),
            look(Check.SLOT_HORIZON, SlotChecks.ofSlot(SlotChecks::horizon), "autovacuum_freeze_max_age"),
            look(Check.SLOT_TWO_PHASE, SlotChecks.ofSlot(SlotChecks::twoPhase)),
            look(Check.SLOT_FAILOVER, SlotChecks.ofSlot(SlotChecks::failover)),
            look(Check.SLOT_SYNCED, SlotChecks.ofSlot(SlotChecks::synced)),
            look(Check.SLOT_SPILL, SlotChecks.ofSlot(SlotChecks::spill)),
            look(Check.PUBLICATION_EXISTS, PublicationChecks::exist),
            look(Check.PUBLICATION_EMPTY, PublicationChecks::empty),
            look(Check.PUBLICATION_OPERATIONS, PublicationChecks::operations),
            look(Check.PUBLICATION_FILTERS, PublicationChecks::filters),
            look(Check.PUBLICATION_BEFORE_SLOT, PublicationChecks::beforeSlot),
            look(Check.REPLICA_IDENTITY, TableChecks::identity),
            look(Check.TOAST_WITHOUT_FULL, TableChecks::toast),
            look(Check.ROW_SECURITY, TableChecks::rowSecurity),
            look(Check.UNLOGGED, TableChecks::unlogged));

    private static PreflightLook look(Check check, Question question, String... settings) {
        return new PreflightLook(check, List.of(settings), question);
    }

    /** Asks all of the table; the worst comes first. */
    static List<Finding> all(PreflightFacts facts) {
        List<Finding> found = new ArrayList<>();
        TABLE.forEach(look -> found.addAll(look.answer(facts)));
        found.sort(Comparator.comparing(Finding::severity).thenComparing(Finding::check));
        return List.copyOf(found);
    }

    private List<Finding> answer(PreflightFacts facts) {
        try {
            for (String setting : settings) {
                if (facts.setting(setting) == null) {
                    String hidden = "The role " + facts.who().role() + " cannot see the setting " + setting + ".";
                    return List.of(Finding.note(check, setting, hidden, "grant pg_read_all_settings to it"));
                }
            }
            return question.ask(facts);
        } catch (ServerException e) {
            if (!e.sqlState().equals(SqlState.INSUFFICIENT_PRIVILEGE)) {
                throw e;
            }
            String refused = "It could not be looked at: " + e.diagnostics().messagePrimary() + ".";
            return List.of(Finding.note(check, facts.user(), refused, "ask as a role that may see it"));
        }
    }
}
