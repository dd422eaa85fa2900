package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The head of a file of an incremental backup: which blocks of a table's file are in it. */
final class IncrementalFile {

    /** What stands before the name of the table's file. */
    static final String PREFIX = "INCREMENTAL.";

    private static final int MAGIC = 0xd3ae1f0d;
    private static final int FIXED = 3 * Integer.BYTES;

    private final Path file;
    private final int blockSize;
    private final int truncation;
    private final int[] blocks;

    private IncrementalFile(Path file, int blockSize, int truncation, int[] blocks) {
        this.file = file;
        this.blockSize = blockSize;
        this.truncation = truncation;
        this.blocks = blocks;
    }

    /**
     * Reads one's head, and compares its length.
     *
     * @throws BackupException {@link Reason#DAMAGED} if it is none
     */
    static IncrementalFile read(Path file, ControlFile control) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            ByteBuffer fixed = take(in, FIXED, control);
            int count = fixed.getInt(Integer.BYTES);
            int truncation = fixed.getInt(2 * Integer.BYTES);
            if (fixed.getInt(0) != MAGIC) {
                throw damaged(file, "it does not begin as a file of an incremental backup");
            } else if (isNot(count, control) || isNot(truncation, control)) {
                throw damaged(file, "it would have more blocks than a file can");
            }
            int[] blocks = new int[count];
            take(in, count * Integer.BYTES, control).asIntBuffer().get(blocks);
            IncrementalFile read = new IncrementalFile(file, control.blockSize(), truncation, blocks);
            read.check(control);
            return read;
        } catch (EOFException e) {
            throw new BackupException(Reason.DAMAGED, file + " is damaged: it ends within its head", e);
        }
    }

    private static boolean isNot(int count, ControlFile control) {
        return count < 0 || count > control.segmentBlocks();
    }

    private static ByteBuffer take(InputStream in, int length, ControlFile control) throws IOException {
        byte[] bytes = new byte[length];
        new DataInputStream(in).readFully(bytes);
        return ByteBuffer.wrap(bytes).order(control.order());
    }

    private void check(ControlFile control) throws IOException {
        int[] sorted = blocks.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++) {
            if (sorted[i] < 0 || sorted[i] >= control.segmentBlocks() || i > 0 && sorted[i] == sorted[i - 1]) {
                throw damaged(file, "it has a block twice, or one that cannot be");
            }
        }
        long length = offset(blocks.length);
        long found = Files.size(file);
        if (found != length) {
            throw damaged(file, "it has " + found + " bytes, and its head says " + length);
        }
    }

    private static BackupException damaged(Path file, String why) {
        return new BackupException(Reason.DAMAGED, file + " is damaged: " + why, null);
    }

    Path file() {
        return file;
    }

    /** Returns which block of the table's file each of the blocks is, in their order. */
    int[] blocks() {
        return blocks.clone();
    }

    /**
     * Returns from which block on the table's file has nothing that is older: there it was cut since the backup before, or had its end.
     */
    int truncation() {
        return truncation;
    }

    /** Returns how many blocks the table's file has. */
    int length() {
        return Math.max(truncation, Arrays.stream(blocks).max().orElse(-1) + 1);
    }

    /** Returns where in the file a block begins: those that are there follow a head that is filled up to a block's length. */
    long offset(int index) {
        long head = FIXED + (long) blocks.length * Integer.BYTES;
        if (blocks.length > 0) {
            head += -head & (blockSize - 1L);
        }
        return head + (long) index * blockSize;
    }
}
