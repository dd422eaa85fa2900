package dev.howdah.cli;

import dev.howdah.PgConnection;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code howdah lob unlink}. */
@Command(name = "unlink", description = "Remove large objects from the database: all of those named, or none.")
final class LobUnlinkCommand extends ConnectedCommand {

    @Parameters(arity = "1..*", paramLabel = "OID", description = "The numbers of the objects.")
    private List<Long> oids = new ArrayList<>();

    LobUnlinkCommand(Surroundings around) {
        super(around);
    }

    @Override
    int run(Target target) {
        try (PgConnection db = target.connect()) {
            db.largeObjects().inTransaction(objects -> {
                oids.forEach(objects::unlink);
                return oids.size();
            });
        }
        return ExitCode.OK;
    }
}
