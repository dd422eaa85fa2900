package dev.howdah.cli;

import dev.howdah.PgConnection;
import dev.howdah.Transaction;
import dev.howdah.largeobject.LargeObject;
import dev.howdah.largeobject.LargeObjectMode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code howdah lob export}. */
@Command(
        name = "export",
        description = {
            "Write a large object to a file, which is made or replaced.",
            "When it is interrupted, what was written stays, and --resume goes on behind it."
        })
final class LobExportCommand extends ConnectedCommand {

    /** How much of what is there already is compared with the object. */
    private static final int COMPARED = 64 * 1024;

    @Parameters(index = "0", paramLabel = "OID", description = "The number of the object.")
    private long oid;

    @Parameters(index = "1", paramLabel = "FILE", description = "What to write.")
    private String file = "";

    @Option(
            names = "--resume",
            description = "Go on behind what the file has already, if its end is what the object has there.")
    private boolean resume;

    LobExportCommand(Surroundings around) {
        super(around);
    }

    @Override
    int run(Target target) {
        try (PgConnection db = target.connect();
                Transaction tx = db.begin();
                LargeObject object = db.largeObject(oid, LargeObjectMode.READ)) {
            try (FileChannel out = FileChannel.open(
                    Path.of(file), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                export(object, out);
            } catch (IOException e) {
                throw UserFiles.failed("cannot write " + file, e);
            }
            object.close();
            tx.commit();
        }
        return ExitCode.OK;
    }

    private void export(LargeObject object, FileChannel file) throws IOException {
        long size = object.size();
        long from = resume ? file.size() : 0;
        if (resume) {
            requireSame(object, file, size);
        }
        file.truncate(from);
        file.position(from);
        object.position(from);
        try (Progress progress = Progress.ofBytes(around(), "exporting", size - from)) {
            OutputStream out = Channels.newOutputStream(file);
            UserFiles.copy(object.inputStream(), out, progress);
        }
        line((size - from) + " bytes" + (from > 0 ? ", " + from + " were there" : ""));
    }

    private void requireSame(LargeObject object, FileChannel file, long size) throws IOException {
        long there = file.size();
        ByteBuffer end = ByteBuffer.allocate((int) Math.min(COMPARED, there));
        while (end.hasRemaining() && file.read(end, there - end.capacity() + end.position()) >= 0) {}
        boolean same = there <= size;
        if (same) {
            object.position(there - end.capacity());
            same = Arrays.equals(object.read(end.capacity()), end.array());
        }
        if (!same) {
            throw new UsageException(
                    "cannot resume: " + this.file + " is not the beginning of the large object " + oid);
        }
    }
}
