package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table's file put together from those of a chain of backups: each block from the newest that has it. For one thread.
 *
 * @see <a href="https://www.postgresql.org/docs/current/app-pgcombinebackup.html">pg_combinebackup</a>
 */
final class TableFile {

    private static final int BUFFER = 1 << 20;
    private static final int NOWHERE = -1;

    private final int blockSize;
    /** From the newest on. */
    private final List<Path> files = new ArrayList<>();
    /** Which of the files has each block. */
    private final int[] source;
    /** Where in that file it is. */
    private final long[] offset;
    /** From which block on older files say nothing. */
    private int limit;

    /** Takes the bytes of the file in their order. */
    interface Output {
        void write(byte[] bytes, int length) throws IOException;
    }

    /** Begins with the newest. */
    TableFile(IncrementalFile newest, ControlFile control) {
        blockSize = control.blockSize();
        source = new int[newest.length()];
        offset = new long[newest.length()];
        Arrays.fill(source, NOWHERE);
        limit = newest.length();
        add(newest);
    }

    /** Adds the next older file, of an incremental backup. */
    void add(IncrementalFile older) {
        files.add(older.file());
        int[] blocks = older.blocks();
        for (int i = 0; i < blocks.length; i++) {
            take(blocks[i], older.offset(i));
        }
        limit = Math.min(limit, older.truncation());
    }

    /** Adds the oldest file, which is a whole one. */
    void addWhole(Path oldest) throws IOException {
        files.add(oldest);
        long blocks = Files.size(oldest) / blockSize;
        for (int block = 0; block < Math.min(blocks, limit); block++) {
            take(block, (long) block * blockSize);
        }
    }

    private void take(int block, long at) {
        if (block < limit && source[block] == NOWHERE) {
            source[block] = files.size() - 1;
            offset[block] = at;
        }
    }

    /** Returns its length in bytes. */
    long length() {
        return (long) source.length * blockSize;
    }

    /** Gives the whole file; blocks that no backup has are zeros. */
    void write(Output out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        List<RandomAccessFile> open = new ArrayList<>();
        try {
            for (Path each : files) {
                open.add(new RandomAccessFile(each.toFile(), "r"));
            }
            for (int block = 0; block < source.length; ) {
                int run = run(block);
                int length = run * blockSize;
                if (source[block] == NOWHERE) {
                    Arrays.fill(buffer, 0, length, (byte) 0);
                } else {
                    read(open.get(source[block]), block, buffer, length);
                }
                out.write(buffer, length);
                block += run;
            }
        } finally {
            for (RandomAccessFile each : open) {
                each.close();
            }
        }
    }

    /** Returns how many blocks from one on lie one behind the other in the same file. */
    private int run(int from) {
        int run = 1;
        while (from + run < source.length
                && (run + 1) * blockSize <= BUFFER
                && source[from + run] == source[from]
                && (source[from] == NOWHERE || offset[from + run] == offset[from] + (long) run * blockSize)) {
            run++;
        }
        return run;
    }

    private void read(RandomAccessFile from, int block, byte[] buffer, int length) throws IOException {
        try {
            from.seek(offset[block]);
            from.readFully(buffer, 0, length);
        } catch (EOFException e) {
            throw new BackupException(
                    Reason.DAMAGED, files.get(source[block]) + " has become shorter while it was read", e);
        }
    }
}
