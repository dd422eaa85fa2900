package dev.howdah.session;

import dev.howdah.error.ProtocolException;
import dev.howdah.wire.WireReader;
import java.util.Arrays;

/**
 * The rows of a result as they came: the bodies of their DataRow messages, one behind the other in a few large arrays.
 * Nothing is decoded until somebody asks for it. Filled by an exchange; once that has ended the buffer does not change
 * and is safe for several threads.
 */
public final class RowBuffer {

    private static final int FIRST_CHUNK = 128;
    /** Well below half a region of the G1 collector, which gives larger arrays whole regions. */
    private static final int LARGEST_CHUNK = 256 * 1024;

    private static final int CHUNK_SHIFT = 32;

    private byte[][] chunks = new byte[1][];
    private int chunkCount;
    private int used;
    private long[] positions = new long[2];
    private int size;
    private long received;

    RowBuffer() {}

    /** Returns a buffer without rows. */
    public static RowBuffer empty() {
        return new RowBuffer();
    }

    /** Returns rows of a buffer, and behind them rows of another. Their bytes are shared, not copied. */
    public static RowBuffer joined(RowBuffer first, int from, int to, RowBuffer second, int secondFrom, int secondTo) {
        RowBuffer joined = new RowBuffer();
        joined.positions = new long[Math.max(2, to - from + secondTo - secondFrom)];
        joined.share(first, from, to);
        joined.share(second, secondFrom, secondTo);
        return joined;
    }

    private void share(RowBuffer source, int from, int to) {
        if (from == to) {
            return;
        }
        int firstChunk = (int) (source.positions[source.checked(from)] >>> CHUNK_SHIFT);
        int lastChunk = (int) (source.positions[source.checked(to - 1)] >>> CHUNK_SHIFT);
        int shared = lastChunk - firstChunk + 1;
        chunks = Arrays.copyOf(chunks, Math.max(1, chunkCount + shared));
        System.arraycopy(source.chunks, firstChunk, chunks, chunkCount, shared);
        long shift = (long) (chunkCount - firstChunk) << CHUNK_SHIFT;
        for (int row = from; row < to; row++) {
            positions[size++] = source.positions[row] + shift;
        }
        chunkCount += shared;
        used = chunks[chunkCount - 1].length;
    }

    /** Returns how many bytes the rows had that were received into this buffer. */
    public long received() {
        return received;
    }

    /** Returns how many rows there are. */
    public int size() {
        return size;
    }

    /** Returns the array that holds a row; not to be changed. */
    public byte[] array(int row) {
        return chunks[(int) (positions[checked(row)] >>> CHUNK_SHIFT)];
    }

    /** Returns where in {@link #array(int)} the row begins, at its count of columns. */
    public int offset(int row) {
        return (int) positions[checked(row)];
    }

    /**
     * Returns a part of the rows, which shares their bytes. Rows may be added to it only if it goes to the end, and then no
     * more to this one.
     */
    RowBuffer slice(int from, int to) {
        RowBuffer part = new RowBuffer();
        if (from == to) {
            return part;
        }
        int first = (int) (positions[from] >>> CHUNK_SHIFT);
        part.chunks = Arrays.copyOfRange(chunks, first, chunkCount);
        part.chunkCount = chunkCount - first;
        part.used = used;
        part.positions = new long[Math.max(2, to - from)];
        part.size = to - from;
        for (int i = 0; i < part.size; i++) {
            part.positions[i] = positions[from + i] - ((long) first << CHUNK_SHIFT);
        }
        return part;
    }

    private int checked(int row) {
        if (row < 0 || row >= size) {
            throw new IndexOutOfBoundsException("row " + row + " of " + size);
        }
        return row;
    }

    /**
     * Adds a row.
     *
     * @param columns how many columns it must have
     * @throws ProtocolException if it is not made up of so many values of the lengths it says
     */
    void add(byte[] bytes, int offset, int length, int columns) {
        check(bytes, offset, length, columns);
        if (chunkCount == 0 || chunks[chunkCount - 1].length - used < length) {
            addChunk(length);
        }
        if (size == positions.length) {
            positions = Arrays.copyOf(positions, size * 2);
        }
        System.arraycopy(bytes, offset, chunks[chunkCount - 1], used, length);
        positions[size++] = (long) (chunkCount - 1) << CHUNK_SHIFT | used;
        used += length;
        received += length;
    }

    private static void check(byte[] bytes, int offset, int length, int columns) {
        if (length < Short.BYTES || (WireReader.int16At(bytes, offset) & 0xffff) != columns) {
            throw new ProtocolException(
                    "the server sent a row that does not have the " + columns + " columns announced");
        }
        int end = offset + length;
        int at = offset + Short.BYTES;
        for (int i = 0; i < columns; i++) {
            if (end - at < Integer.BYTES) {
                throw tooShort(i);
            }
            int size = WireReader.int32At(bytes, at);
            at += Integer.BYTES;
            if (size > end - at || size < -1) {
                throw tooShort(i);
            }
            if (size > 0) {
                at += size;
            }
        }
        if (at != end) {
            throw new ProtocolException("the server sent a row with " + (end - at) + " bytes too many");
        }
    }

    private static ProtocolException tooShort(int column) {
        return new ProtocolException("the server sent a row that ends in the middle of column " + column);
    }

    private void addChunk(int length) {
        int next = chunkCount == 0 ? FIRST_CHUNK : Math.min(LARGEST_CHUNK, chunks[chunkCount - 1].length * 4);
        if (chunkCount == chunks.length) {
            chunks = Arrays.copyOf(chunks, chunkCount * 2);
        }
        chunks[chunkCount++] = new byte[Math.max(next, length)];
        used = 0;
    }
}
