package dev.howdah.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What commands do with the files that the user names. */
final class UserFiles {

    private static final int PIECE = 64 * 1024;

    private UserFiles() {}

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
        return new UsageException(what + ": " + why(e), e);
    }

    private static String why(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "there is no such file";
            case AccessDeniedException denied -> "permission denied";
            case FileSystemException system when system.getReason() != null -> system.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
