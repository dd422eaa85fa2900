package dev.howdah.cli;

import dev.howdah.PgConnection;
import dev.howdah.Transaction;
import dev.howdah.largeobject.LargeObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code howdah lob import}. */
@Command(name = "import", description = "Make a large object of a file, and print its OID.")
final class LobImportCommand extends ConnectedCommand {

    @Parameters(paramLabel = "FILE", description = "What to read; - is standard input.")
    private String file = "";

    @Option(names = "--oid", paramLabel = "OID", description = "The OID to give it; without it the server chooses one.")
    private @Nullable Long oid;

    @Option(names = "--comment", paramLabel = "TEXT", description = "What to say of it.")
    private @Nullable String comment;

    LobImportCommand(Surroundings around) {
        super(around);
    }

    @Override
    int run(Target target) {
        boolean standard = file.equals("-");
        try (InputStream in = standard ? InputStream.nullInputStream() : Files.newInputStream(Path.of(file));
                PgConnection db = target.connect()) {
            long total = standard ? -1 : Files.size(Path.of(file));
            // Standard input is not ours to close.
            line(Long.toString(store(db, standard ? around().in() : in, total)));
            return ExitCode.OK;
        } catch (IOException e) {
            throw UserFiles.failed("cannot read " + (standard ? "standard input" : file), e);
        }
    }

    private long store(PgConnection db, InputStream in, long total) throws IOException {
        try (Transaction tx = db.begin();
                LargeObject object = oid == null ? db.createLargeObject() : db.createLargeObject(oid);
                Progress progress = Progress.ofBytes(around(), "importing", total)) {
            OutputStream out = object.outputStream();
            UserFiles.copy(in, out, progress);
            object.close();
            if (comment != null) {
                db.largeObjects().comment(object.oid(), comment);
            }
            tx.commit();
            return object.oid();
        }
    }
}
