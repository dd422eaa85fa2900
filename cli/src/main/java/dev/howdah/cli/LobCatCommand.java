package dev.howdah.cli;

import dev.howdah.PgConnection;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code howdah lob cat}. */
@Command(name = "cat", description = "Write a large object to standard output, byte by byte as it is.")
final class LobCatCommand extends ConnectedCommand {

    @Parameters(paramLabel = "OID", description = "The number of the object.")
    private long oid;

    LobCatCommand(Surroundings around) {
        super(around);
    }

    @Override
    int run(Target target) {
        try (PgConnection db = target.connect()) {
            db.largeObjects().read(oid, around().outBytes());
            around().outBytes().flush();
            return ExitCode.OK;
        } catch (IOException e) {
            throw UserFiles.failed("cannot write to standard output", e);
        }
    }
}
