package dev.howdah.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;

/** What the commands for large objects do with files. */
final class LobFiles {

    private static final int PIECE = 64 * 1024;

    private LobFiles() {}

    /** Copies everything. */
    static void copy(InputStream in, OutputStream out, Progress progress) throws IOException {
        byte[] buffer = new byte[PIECE];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
            progress.step(count);
        }
    }

    /** What is told of a file that cannot be read or written. */
    static UsageException failed(String what, IOException e) {
        String why = e instanceof NoSuchFileException ? "there is no such file" : String.valueOf(e.getMessage());
        return new UsageException(what + ": " + why, e);
    }
}
