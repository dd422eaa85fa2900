package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that a server which recovers is given: there as a whole, or not at all. */
final class RestoredFile {

    private static final int MOST = 1 << 30;
    private static final int PIECE = 128 * 1024;

    private RestoredFile() {}

    /**
     * Writes it.
     *
     * @param name of what is read
     * @param size up to how many bytes to fill it up with zeros, 0 for not at all
     * @throws IOException if it cannot be read
     * @throws BackupException if it cannot be written, or what was read is no segment
     */
    static void write(InputStream in, String name, int size, Path target) throws IOException {
        Path temporary = target.resolveSibling(target.getFileName() + DurableFiles.TEMPORARY);
        boolean done = false;
        try (OutputStream out = create(temporary)) {
            long length = copy(in, name, out, temporary);
            if (length < size) {
                pad(out, size - length, temporary);
            } else if (!WalSegment.isHistoryName(name) && !WalSegment.isSize(length)) {
                throw new BackupException(
                        Reason.DAMAGED, "the segment " + name + " has " + length + " bytes, as none has", null);
            }
            done = true;
        } finally {
            finish(temporary, target, done);
        }
    }

    private static OutputStream create(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
            DurableFiles.create(temporary);
            return Files.newOutputStream(temporary);
        } catch (IOException e) {
            throw DurableFiles.failed("cannot make", temporary, e);
        }
    }

    private static long copy(InputStream in, String name, OutputStream out, Path temporary) throws IOException {
        byte[] piece = new byte[PIECE];
        long length = 0;
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
            length += count;
            if (length > MOST) {
                throw new BackupException(Reason.DAMAGED, name + " has more bytes than a segment can have", null);
            }
            put(out, piece, count, temporary);
        }
        return length;
    }

    private static void pad(OutputStream out, long length, Path temporary) {
        byte[] zeros = new byte[PIECE];
        for (long left = length; left > 0; left -= PIECE) {
            put(out, zeros, (int) Math.min(left, PIECE), temporary);
        }
    }

    private static void put(OutputStream out, byte[] bytes, int length, Path temporary) {
        try {
            out.write(bytes, 0, length);
        } catch (IOException e) {
            throw DurableFiles.failed("cannot write", temporary, e);
        }
    }

    private static void finish(Path temporary, Path target, boolean done) {
        try {
            if (done) {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw DurableFiles.failed("cannot write", target, e);
        } finally {
            remove(temporary);
        }
    }

    private static void remove(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw DurableFiles.failed("cannot remove", temporary, e);
        }
    }
}
