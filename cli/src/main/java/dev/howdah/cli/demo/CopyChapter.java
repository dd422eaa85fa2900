package dev.howdah.cli.demo;

import dev.howdah.PgConnection;
import dev.howdah.cli.Progress;
import dev.howdah.cli.Timing;
import dev.howdah.copy.CopyOut;
import dev.howdah.error.ConversionException;
import dev.howdah.error.ServerException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/** Many rows at once, each way, as they are and as values. */
final class CopyChapter implements Chapter {

    /** One row for so many that other chapters read. */
    private static final int FEWER = 10;

    private static final int PIECE = 64 * 1024;
    private static final int HUNDREDTHS = 2;

    /** A row of the table. */
    record Item(int id, String name, BigDecimal price) {
        static Item of(int id) {
            return new Item(id, "item " + id, BigDecimal.valueOf(id, HUNDREDTHS));
        }
    }

    @Override
    public String name() {
        return "copy";
    }

    @Override
    public String summary() {
        return "COPY both ways, of data as they are and of rows of Java values, and the row that fails";
    }

    @Override
    public void tell(Stage stage) {
        int rows = stage.manyRows() / FEWER;
        try (PgConnection db = stage.connect()) {
            db.execute("create temp table item (id int, name text, price numeric(12, 2))");
            raw(stage, db, rows);
            db.execute("truncate item");
            values(stage, db, rows);
            failures(stage, db, rows);
        }
    }

    private static void raw(Stage stage, PgConnection db, int rows) {
        stage.narrator().code("""
                        db.copyIn("copy item from stdin (format csv)", stream);
                        db.copyOut("copy item to stdout (format csv)", otherStream);""");
        long start = System.nanoTime();
        long stored;
        Csv csv;
        try (Progress progress = stage.progress("copying", rows, "rows")) {
            csv = new Csv(rows, progress);
            stored = db.copyIn("copy item from stdin (format csv)", csv);
        }
        stage.narrator().got("in", rate(stored, csv.bytes, start));
        start = System.nanoTime();
        CRC32C came = new CRC32C();
        long[] bytes = new long[1];
        long read;
        try (Progress progress = stage.progressOfBytes("copying", csv.bytes)) {
            read = db.copyOut("copy item to stdout (format csv)", new OutputStream() {
                @Override
                public void write(int one) {
                    write(new byte[] {(byte) one}, 0, 1);
                }

                @Override
                public void write(byte[] piece, int offset, int length) {
                    came.update(piece, offset, length);
                    bytes[0] += length;
                    progress.step(length);
                }
            });
        }
        stage.narrator().got("out", rate(read, bytes[0], start));
        stage.expectEqual((long) rows, stored, "the rows stored");
        stage.expectEqual(stored, read, "the rows that came back");
        stage.expect(came.getValue() == csv.checksum.getValue(), "what came back is what went in, bit for bit");
    }

    private static void values(Stage stage, PgConnection db, int rows) {
        stage.narrator()
                .code("""
                        record Item(int id, String name, BigDecimal price) {}
                        db.copyIn("item").from(IntStream.range(0, %s).mapToObj(Item::of));
                        try (CopyOut<Item> items = db.copyOut("item", Item.class)) { for (Item item : items) { ... } }""".formatted(String.format(Locale.ROOT, "%,d", rows).replace(',', '_')));
        long start = System.nanoTime();
        long stored;
        try (Progress progress = stage.progress("copying", rows, "rows")) {
            stored = db.copyIn("item").from(IntStream.range(0, rows).mapToObj(id -> {
                progress.step(1);
                return Item.of(id);
            }));
        }
        stage.narrator().got("in", rate(stored, start));
        start = System.nanoTime();
        long read = 0;
        BigDecimal sum = BigDecimal.ZERO;
        try (CopyOut<Item> items = db.copyOut("item", Item.class);
                Progress progress = stage.progress("copying", rows, "rows")) {
            for (Item item : items) {
                read++;
                sum = sum.add(item.price());
                progress.step(1);
            }
        }
        stage.narrator().got("out", rate(read, start));
        stage.expectEqual(stored, read, "the rows that came back");
        BigDecimal expected = BigDecimal.valueOf((long) rows * (rows - 1) / 2, HUNDREDTHS);
        stage.expectEqual(expected, sum, "the sum of the prices");
        stage.narrator().holds("each row was a record here, made and read one by one, and binary on the wire");
    }

    private static void failures(Stage stage, PgConnection db, int rows) {
        stage.narrator().code("""
                        db.copyIn("copy item from stdin (format csv)", ...);   // line 3: 3,cap,cheap
                        db.copyIn("item").from(...);                           // row 1: (2, "ink", "cheap")""");
        byte[] lines = "1,pen,2.50\n2,ink,3\n3,cap,cheap\n".getBytes(StandardCharsets.US_ASCII);
        ServerException refused = stage.expectThrown(
                ServerException.class,
                () -> db.copyIn("copy item from stdin (format csv)", new ByteArrayInputStream(lines)));
        stage.narrator().got("the server", refused.diagnostics().messagePrimary());
        stage.narrator().got("where", String.valueOf(refused.diagnostics().context()));
        stage.expectEqual(
                "COPY item, line 3, column price: \"cheap\"",
                refused.diagnostics().context(),
                "where it failed");
        ConversionException unfit = stage.expectThrown(
                ConversionException.class,
                () -> db.copyIn("item").from(List.of(List.of(1, "pen", 2.5), List.of(2, "ink", "cheap"))));
        stage.narrator().got("howdah", String.valueOf(unfit.getMessage()));
        stage.expectEqual(
                (long) rows, db.queryValue("select count(*) from item", Long.class), "the rows that there are");
        stage.narrator().holds("the row that fails is named, nothing is stored, and the connection goes on");
    }

    private static String rate(long rows, long start) {
        double seconds = (System.nanoTime() - start) / 1e9;
        return String.format(
                Locale.ROOT,
                "%,d rows in %s: %,d rows a second",
                rows,
                Timing.since(start),
                Math.round(rows / seconds));
    }

    private static String rate(long rows, long bytes, long start) {
        double seconds = (System.nanoTime() - start) / 1e9;
        return rate(rows, start) + String.format(Locale.ROOT, ", %,d MB a second", Math.round(bytes / 1e6 / seconds));
    }

    /** Rows of csv that are made when they are read. */
    private static final class Csv extends InputStream {
        private final CRC32C checksum = new CRC32C();
        private final int rows;
        private final Progress progress;
        private int next;
        private byte[] piece = {};
        private int at;
        private long bytes;

        Csv(int rows, Progress progress) {
            this.rows = rows;
            this.progress = progress;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            if (at == piece.length && !fill()) {
                return -1;
            }
            int count = Math.min(length, piece.length - at);
            System.arraycopy(piece, at, to, offset, count);
            at += count;
            return count;
        }

        private boolean fill() {
            if (next == rows) {
                return false;
            }
            int first = next;
            StringBuilder lines = new StringBuilder(PIECE);
            while (next < rows && lines.length() < PIECE) {
                Item item = Item.of(next++);
                lines.append(item.id())
                        .append(',')
                        .append(item.name())
                        .append(',')
                        .append(item.price())
                        .append('\n');
            }
            piece = lines.toString().getBytes(StandardCharsets.US_ASCII);
            at = 0;
            bytes += piece.length;
            checksum.update(piece);
            progress.step(next - first);
            return true;
        }
    }
}
