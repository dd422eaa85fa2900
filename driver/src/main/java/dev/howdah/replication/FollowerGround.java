package dev.howdah.replication;

import dev.howdah.PgConnection;
import dev.howdah.error.ReplicationException;
import dev.howdah.error.ReplicationException.Reason;
import dev.howdah.sql.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What a follower needs on the server: publications, which it may make, and that nothing stands in its way. */
final class FollowerGround {

    /** What a stream could not begin with; whatever else is found is only told. */
    private static final Map<Finding.Check, Reason> HINDRANCES = Map.of(
            Finding.Check.WAL_LEVEL, Reason.NOT_READY,
            Finding.Check.ROLE_REPLICATION, Reason.NOT_READY,
            Finding.Check.PLUGIN_ALLOWED, Reason.NOT_READY,
            Finding.Check.SLOT_TYPE, Reason.SLOT_UNFIT,
            Finding.Check.SLOT_DATABASE, Reason.SLOT_UNFIT,
            Finding.Check.SLOT_PLUGIN, Reason.SLOT_UNFIT,
            Finding.Check.SLOT_INVALIDATED, Reason.SLOT_INVALIDATED);

    private final FollowerOptions settings;
    private final Consumer<FollowerEvent> events;

    FollowerGround(FollowerOptions settings, Consumer<FollowerEvent> events) {
        this.settings = settings;
        this.events = events;
    }

    /**
     * Sees to it that all is there but the slot, and tells what threatens.
     *
     * @param db an ordinary connection, in no transaction
     * @throws ReplicationException if no stream can begin
     */
    void prepare(PgConnection db) {
        Set<String> there = Set.copyOf(db.query("select pubname::text from pg_catalog.pg_publication").stream()
                .map(row -> String.valueOf(row.getString(0)))
                .toList());
        List<String> published = settings.published;
        for (String name : settings.publications) {
            if (there.contains(name)) {
                continue;
            } else if (published == null || !name.equals(settings.publications.getFirst())) {
                throw new ReplicationException(
                        Reason.PUBLICATION_MISSING,
                        "there is no publication '" + name
                                + "': make it, before the slot, by CREATE PUBLICATION, or have"
                                + " the follower make it",
                        null);
            }
            publish(db, name, published);
        }
        check(db);
    }

    /** Makes a publication, unless the server would then refuse updates and deletes of its tables to everybody. */
    private static void publish(PgConnection db, String name, List<String> tables) {
        List<String> quoted = new ArrayList<>();
        tables.forEach(table -> quoted.add(Identifier.parse(table).quoted()));
        db.inTransaction(transaction -> {
            db.execute("create publication " + Identifier.of(name).quoted() + " for "
                    + (quoted.isEmpty() ? "all tables" : "table " + String.join(", ", quoted)));
            for (Finding finding : Preflight.DEFAULT.publications(name).check(db)) {
                if (finding.severity() == Finding.Severity.ERROR && finding.check() == Finding.Check.REPLICA_IDENTITY) {
                    throw refused(Reason.NOT_READY, finding);
                }
            }
            return true;
        });
    }

    private void check(PgConnection db) {
        Preflight preflight = Preflight.DEFAULT.publications(settings.publications.toArray(String[]::new));
        if (ResumeCheck.find(db, settings.slot) != null) {
            preflight = preflight.slot(settings.slot);
        }
        List<Finding> notable = preflight.check(db).stream()
                .filter(finding -> finding.severity() != Finding.Severity.OK)
                .toList();
        if (!notable.isEmpty()) {
            events.accept(new FollowerEvent.Checked(notable));
        }
        for (Finding finding : notable) {
            Reason reason = HINDRANCES.get(finding.check());
            if (reason != null && finding.severity() == Finding.Severity.ERROR) {
                throw refused(reason, finding);
            }
        }
    }

    private static ReplicationException refused(Reason reason, Finding finding) {
        String advice = finding.advice();
        return new ReplicationException(
                reason, finding.message() + (advice == null ? "" : " What to do: " + advice), null);
    }
}
