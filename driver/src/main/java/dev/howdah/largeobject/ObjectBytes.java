package dev.howdah.largeobject;

import dev.howdah.session.ObjectDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Moves bytes between a large object and arrays, streams and files. */
final class ObjectBytes {

    /** So much is read at once where nothing is read ahead, and at first where nobody knows how much there is. */
    private static final int MUCH = 1024 * 1024;

    private static final int MOST = 16 * MUCH;
    /** The longest array that every JVM can make. */
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    private ObjectBytes() {}

    /** Reads up to {@code count} bytes into memory that grows with what has come. */
    static byte[] read(LargeObject object, int count) {
        List<byte[]> full = new ArrayList<>();
        int total = 0;
        while (true) {
            byte[] next = new byte[Math.min(count - total, Math.min(MOST, Math.max(MUCH, total)))];
            int got = Math.max(0, object.read(ByteBuffer.wrap(next)));
            total += got;
            if (got < next.length || total == count) {
                return joined(full, next, got, total);
            }
            full.add(next);
        }
    }

    private static byte[] joined(List<byte[]> full, byte[] last, int got, int total) {
        if (full.isEmpty() && got == last.length) {
            return last;
        }
        byte[] joined = new byte[total];
        int at = 0;
        for (byte[] part : full) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        System.arraycopy(last, 0, joined, at, got);
        return joined;
    }

    /** Reads all that is left. */
    static byte[] readAll(LargeObject object) {
        byte[] bytes = read(object, LONGEST_ARRAY);
        if (bytes.length == LONGEST_ARRAY) {
            throw new IllegalStateException("the large object " + object.oid()
                    + " has more bytes left than an array holds: read it by inputStream() or export it");
        }
        return bytes;
    }

    /** Copies what is left to a stream; returns how much that was. */
    static long copyTo(LargeObject object, OutputStream out) throws IOException {
        byte[] buffer = new byte[object.mode().writes() ? MUCH : ObjectDescriptor.CHUNK];
        long total = 0;
        while (true) {
            int count = object.read(ByteBuffer.wrap(buffer));
            if (count < 0) {
                return total;
            }
            out.write(buffer, 0, count);
            total += count;
        }
    }

    /** Writes all that a stream gives; returns how much that was. */
    static long copyFrom(LargeObject object, InputStream in) throws IOException {
        byte[] buffer = new byte[ObjectDescriptor.CHUNK];
        long total = 0;
        while (true) {
            int count = in.readNBytes(buffer, 0, buffer.length);
            object.write(ByteBuffer.wrap(buffer, 0, count));
            total += count;
            if (count < buffer.length) {
                return total;
            }
        }
    }

    /** Writes all of it to a file; it stands where it stood then. */
    static long export(LargeObject object, Path file) throws IOException {
        long stood = object.position();
        try (OutputStream out = Files.newOutputStream(file)) {
            object.position(0);
            return copyTo(object, out);
        } finally {
            if (object.isOpen()) {
                object.position(stood);
            }
        }
    }
}
