package dev.howdah.cli;

import dev.howdah.PgConnection;
import dev.howdah.replication.Finding;
import dev.howdah.replication.Finding.Check;
import dev.howdah.replication.Finding.Severity;
import dev.howdah.replication.Preflight;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a tail from starting, and what its user should know before.
 *
 * @param errors what keeps it from starting
 * @param warnings what does not
 */
record TailChecks(List<Finding> errors, List<Finding> warnings) {

    /** Bad, but for others, or only for a while. */
    private static final Set<Check> BORNE = EnumSet.of(Check.SLOT_ACTIVE, Check.REPLICA_IDENTITY);

    /** What else is told if it is a warning. */
    private static final Set<Check> TOLD = EnumSet.of(
            Check.SERVER_VERSION, Check.SLOT_RETENTION, Check.PUBLICATION_EMPTY, Check.PREPARED_TRANSACTIONS);

    /**
     * Looks.
     *
     * @param slot the slot that is there; null if one will be made
     * @param replication what came of an attempt to connect for replication
     */
    static TailChecks of(PgConnection db, @Nullable String slot, List<String> publications, Finding replication) {
        Preflight asked = Preflight.DEFAULT.publications(publications.toArray(String[]::new));
        List<Finding> found = new ArrayList<>((slot == null ? asked : asked.slot(slot)).check(db));
        found.add(replication);
        List<Finding> errors = new ArrayList<>();
        List<Finding> warnings = new ArrayList<>();
        for (Finding finding : found) {
            Check check = finding.check();
            if (finding.severity() == Severity.ERROR) {
                if (BORNE.contains(check)) {
                    warnings.add(finding);
                } else if (slot == null || check != Check.SLOTS_FREE) {
                    errors.add(finding);
                }
            } else if (finding.severity() == Severity.WARNING
                    && (TOLD.contains(check) || (slot == null && check == Check.LONG_TRANSACTIONS))) {
                warnings.add(finding);
            }
        }
        return new TailChecks(errors, warnings);
    }

    /** Returns a finding on one line, with what to do. */
    static String text(Finding finding) {
        String advice = finding.advice() == null ? "" : "\n" + finding.advice();
        return TextTable.visible(Failures.oneLine(finding.message() + advice));
    }
}
