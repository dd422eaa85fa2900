package dev.howdah.cli.demo;

import dev.howdah.PgConnection;
import dev.howdah.Transaction;
import dev.howdah.cli.Progress;
import dev.howdah.cli.Timing;
import dev.howdah.largeobject.LargeObject;
import dev.howdah.largeobject.LargeObjectMode;
import dev.howdah.largeobject.LargeObjects;
import dev.howdah.largeobject.Whence;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32C;

/** Bytes that no memory has to hold. */
final class LargeObjectsChapter implements Chapter {

    private static final int PIECE = 64 * 1024;
    private static final int LINE = 64;
    /** So many bytes for each row that other chapters have. */
    private static final int BYTES_A_ROW = 10;

    @Override
    public String name() {
        return "large-objects";
    }

    @Override
    public String summary() {
        return "bytes piece by piece, read ahead and written behind, whatever their size";
    }

    @Override
    public void tell(Stage stage) {
        try (PgConnection db = stage.connect()) {
            roundTrip(stage, db);
            channel(stage, db);
            ends(stage, db);
            orphans(stage, db);
        }
    }

    private static void roundTrip(Stage stage, PgConnection db) {
        long size = Math.max(PIECE, (long) stage.manyRows() * BYTES_A_ROW / PIECE * PIECE);
        stage.narrator().code("""
                        try (Transaction tx = db.begin(); LargeObject object = db.createLargeObject()) {
                            for (...) object.write(piece);           // waits for nothing
                            tx.commit();                             // for all of it
                        }""");
        CRC32C written = new CRC32C();
        long oid;
        long start = System.nanoTime();
        try (Transaction tx = db.begin();
                LargeObject object = db.createLargeObject();
                Progress progress = stage.progressOfBytes("writing", size)) {
            oid = object.oid();
            for (long at = 0; at < size; at += PIECE) {
                ByteBuffer piece = piece(at);
                written.update(piece.duplicate());
                object.write(piece);
                progress.step(PIECE);
            }
            tx.commit();
        }
        stage.narrator().got("written", rate(size, start));
        CRC32C read = new CRC32C();
        start = System.nanoTime();
        try (Transaction tx = db.begin();
                LargeObject object = db.largeObject(oid, LargeObjectMode.READ);
                Progress progress = stage.progressOfBytes("reading", size)) {
            ByteBuffer buffer = ByteBuffer.allocate(PIECE);
            while (object.read(buffer.clear()) >= 0) {
                read.update(buffer.flip());
                progress.step(PIECE);
            }
            tx.commit();
        }
        stage.narrator().got("read", rate(size, start));
        stage.expectEqual(size, db.largeObjects().size(oid), "the size");
        stage.expect(written.getValue() == read.getValue(), "what came back is what was written, bit for bit");
        db.largeObjects().unlink(oid);
    }

    private static ByteBuffer piece(long at) {
        ByteBuffer bytes = ByteBuffer.allocate(PIECE);
        for (int line = 0; line < PIECE; line += LINE) {
            bytes.putLong(line, at + line);
        }
        return bytes;
    }

    private static String rate(long size, long start) {
        double seconds = (System.nanoTime() - start) / 1e9;
        return String.format(
                Locale.ROOT,
                "%,d bytes in %s: %,d MB a second",
                size,
                Timing.since(start),
                Math.round(size / 1e6 / seconds));
    }

    private static void channel(Stage stage, PgConnection db) {
        stage.narrator()
                .code("object.seek(-8, Whence.END); object.readText(); object.seek(3L << 40); object.write(...); ...");
        try (Transaction tx = db.begin();
                LargeObject object = db.createLargeObject()) {
            object.writeText("read it from the \u20acnd\u2026");
            object.seek(-8, Whence.END);
            stage.narrator().got("text", object.readText());
            long place = 3L << 40;
            object.seek(place);
            object.write(new byte[] {7});
            object.seek(-2, Whence.CURRENT);
            stage.narrator()
                    .got(
                            "size",
                            String.format(
                                    Locale.ROOT, "%,d bytes, most of them zeros that take no space", object.size()));
            stage.expectEqual("[0, 7]", Arrays.toString(object.read(10)), "the bytes at three tebibytes");
            stage.expectThrown(IllegalArgumentException.class, () -> object.seek(LargeObject.MAX_SIZE + 1));
            stage.expect(object.isOpen(), "it can be moved within up to 4 TiB, and what is beyond fails nothing");
            tx.rollback();
        }
    }

    private static void ends(Stage stage, PgConnection db) {
        stage.narrator()
                .code("db.rollbackTo(\"before\"); object.isOpen(); db.createLargeObject() without a transaction");
        try (Transaction tx = db.begin()) {
            db.savepoint("before");
            LargeObject object = db.createLargeObject();
            object.write(new byte[10]);
            db.rollbackTo("before");
            IllegalStateException why = stage.expectThrown(IllegalStateException.class, () -> object.read(1));
            stage.narrator().got("refused", String.valueOf(why.getMessage()));
            stage.expectEqual(false, object.isOpen(), "whether it is open");
            tx.rollback();
        }
        stage.expectThrown(IllegalStateException.class, db::createLargeObject);
        stage.narrator().holds("an object that its transaction has taken says so, and the connection goes on");
    }

    private static void orphans(Stage stage, PgConnection db) {
        stage.narrator().code("objects.store(bytes); objects.orphans(); objects.unlink(oid)");
        LargeObjects objects = db.largeObjects();
        long oid = objects.store(new byte[] {1, 2, 3});
        stage.narrator().got("orphan", Long.toString(oid));
        stage.expect(objects.orphans().contains(oid), "an object that no table refers to is found");
        objects.unlink(oid);
        stage.expectEqual(false, objects.exists(oid), "whether it is there");
    }
}
