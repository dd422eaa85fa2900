package dev.howdah.cli;

import dev.howdah.PgConnection;
import dev.howdah.largeobject.LargeObjects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code howdah lob orphans}. */
@Command(
        name = "orphans",
        description = {
            "Print the large objects that no table of this database refers to, as vacuumlo does; nothing is removed without --remove.",
            "A table refers to one by a column of type oid, lo, a domain over them or an array of them. If OIDs are kept in other"
                    + " types or elsewhere, do not remove anything with this."
        })
final class LobOrphansCommand extends ConnectedCommand {

    @Option(
            names = "--remove",
            description = "Remove them, a thousand in a transaction, and print how many there were.")
    private boolean remove;

    LobOrphansCommand(Surroundings around) {
        super(around);
    }

    @Override
    int run(Target target) {
        try (PgConnection db = target.connect()) {
            LargeObjects objects = db.largeObjects();
            if (remove) {
                line(objects.unlinkOrphans() + " removed");
            } else {
                objects.orphans().forEach(oid -> line(oid.toString()));
            }
        }
        return ExitCode.OK;
    }
}
