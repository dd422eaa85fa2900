package dev.howdah;

import dev.howdah.largeobject.LargeObject;
import dev.howdah.largeobject.LargeObjectMode;
import java.nio.ByteBuffer;

/** A program of its own: writes a large object and reads it back, bit for bit, in whatever heap it was given. */
final class LargeObjectRoundTrip {

    private static final int PIECE = 1 << 20;
    private static final int LINE = 64;

    private LargeObjectRoundTrip() {}

    /**
     * Runs it.
     *
     * @param arguments where to connect to, and how many bytes, a multiple of a mebibyte
     */
    public static void main(String[] arguments) {
        long size = Long.parseLong(arguments[1]);
        try (PgConnection db = Howdah.connect(arguments[0])) {
            long oid = db.largeObjects().inTransaction(objects -> {
                try (LargeObject object = objects.openNew()) {
                    for (long at = 0; at < size; at += PIECE) {
                        object.write(piece(at));
                    }
                    return object.oid();
                }
            });
            db.largeObjects().inTransaction(objects -> {
                try (LargeObject object = objects.open(oid, LargeObjectMode.READ)) {
                    check(object, size);
                }
                return null;
            });
            db.largeObjects().unlink(oid);
        }
        System.out.println("the same " + size + " bytes");
    }

    private static void check(LargeObject object, long size) {
        ByteBuffer read = ByteBuffer.allocate(PIECE);
        for (long at = 0; at < size; at += PIECE) {
            object.read(read.clear());
            if (!read.flip().equals(piece(at))) {
                throw new IllegalStateException("something else came back within the MiB at " + at);
            }
        }
        if (object.read(read.clear()) != -1) {
            throw new IllegalStateException("more came back than was written");
        }
    }

    /** Each line of 64 bytes tells its place, so that nothing can be lost, doubled or moved; the server can compress it. */
    private static ByteBuffer piece(long at) {
        ByteBuffer bytes = ByteBuffer.allocate(PIECE);
        for (int line = 0; line < PIECE; line += LINE) {
            bytes.putLong(line, (at + line) * 0x9e37_79b9_7f4a_7c15L);
        }
        return bytes;
    }
}
