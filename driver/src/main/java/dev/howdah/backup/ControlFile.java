package dev.howdah.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code global/pg_control} says of how a server's files are made. Its layout changes from version to version; what is read here
 * stands beside a number that is always the same.
 *
 * @param systemIdentifier 64 bits without sign
 * @param order of the bytes, which is that of the server's machine
 * @param blockSize bytes in a block of a table, mostly 8192
 * @param segmentBlocks blocks in a file of a large table, mostly 131072
 * @param walBlockSize bytes in a page of the log, mostly 8192
 * @param walSegmentSize bytes in a file of the log, mostly 16 MB
 */
record ControlFile(
        long systemIdentifier,
        ByteOrder order,
        int blockSize,
        int segmentBlocks,
        int walBlockSize,
        int walSegmentSize) {

    /** More than any version uses. */
    private static final int READ = 512;

    /** 1234567.0, by which a server knows that it was made for the machine. */
    private static final long FLOAT_FORMAT = Double.doubleToLongBits(1_234_567.0);

    private static final int MOST_BLOCKS = 1 << 20;

    static ControlFile read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            @Nullable ControlFile read = parse(in.readNBytes(READ));
            if (read == null) {
                throw new IOException(file + " is no control file of a PostgreSQL server");
            }
            return read;
        }
    }

    /** Reads the first bytes of a control file; null if they are of none. */
    static @Nullable ControlFile parse(byte[] bytes) {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            ByteBuffer in = ByteBuffer.wrap(bytes).order(order);
            for (int at = 0; at + 3 * Long.BYTES <= bytes.length; at += Long.BYTES) {
                if (in.getLong(at) == FLOAT_FORMAT) {
                    int sizes = at + Long.BYTES;
                    return checked(new ControlFile(
                            in.getLong(0),
                            order,
                            in.getInt(sizes),
                            in.getInt(sizes + Integer.BYTES),
                            in.getInt(sizes + 2 * Integer.BYTES),
                            in.getInt(sizes + 3 * Integer.BYTES)));
                }
            }
        }
        return null;
    }

    private static @Nullable ControlFile checked(ControlFile read) {
        boolean possible = isPower(read.blockSize, 1 << 10, 1 << 15)
                && read.segmentBlocks > 0
                && read.segmentBlocks <= MOST_BLOCKS
                && isPower(read.walBlockSize, 1 << 10, 1 << 16)
                && isPower(read.walSegmentSize, 1 << 20, 1 << 30);
        return possible ? read : null;
    }

    private static boolean isPower(int size, int least, int most) {
        return size >= least && size <= most && Integer.bitCount(size) == 1;
    }
}
