package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.copy.CopyIn;
import dev.howdah.copy.CopyOut;
import dev.howdah.error.ConversionException;
import dev.howdah.error.CopyFailedException;
import dev.howdah.error.ServerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** COPY: files and streams as they are, rows of Java values, and what happens when something fails. */
public final class CopyingData {

    private CopyingData() {}

    // @start region=record
    record Item(int id, String name, BigDecimal price) {}
    // @end

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) throws IOException {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            db.execute("create temp table item (id int primary key, name text, price numeric(10, 2))");
            raw(db);
            rowsIn(db);
            rowsOut(db);
            failures(db);
        }
    }

    private static void raw(PgConnection db) throws IOException {
        InputStream csv = new ByteArrayInputStream(
                "id,name,price\n1,pen,1.20\n2,\"ink, blue\",7.50\n".getBytes(StandardCharsets.UTF_8));
        // @start region=raw
        long stored = db.copyIn("copy item from stdin (format csv, header)", csv);
        System.out.println(stored + " rows from a stream");

        Path file = Files.createTempFile("items", ".csv");
        long written = db.copyOut(
                "copy (select * from item where price < $1) to stdout (format csv, header)", file, new BigDecimal("5"));
        System.out.println(written + " row in " + Files.size(file) + " bytes");
        // @end
        Files.delete(file);
    }

    private static void rowsIn(PgConnection db) {
        // @start region=rowsIn
        try (CopyIn copy = db.copyIn("item", "id", "name")) {
            copy.row(3, "paper");
            copy.row(4, null);
            System.out.println(copy.finish() + " rows one by one");
        }
        long made = db.copyIn("item")
                .from(IntStream.range(100, 100_100).mapToObj(i -> new Item(i, "item " + i, BigDecimal.valueOf(i, 2))));
        System.out.println(made + " records");
        // @end
    }

    private static void rowsOut(PgConnection db) {
        // @start region=rowsOut
        try (CopyOut<Item> items = db.copyOut("item", Item.class)) {
            BigDecimal sum = BigDecimal.ZERO;
            for (Item item : items) {
                sum = item.price() == null ? sum : sum.add(item.price());
            }
            System.out.println(items.rows() + " rows, " + sum + " in all");
        }
        try (CopyOut<Row> some = db.copyOutQuery("select id, name from item where id < $1 order by id", 5)) {
            some.forEach(row -> System.out.println(row.getInt("id") + " " + row.getString("name")));
        }
        // @end
    }

    private static void failures(PgConnection db) {
        // @start region=failures
        try {
            db.copyIn("item", "id", "price").from(List.of(List.of(7, BigDecimal.ONE), List.of(8, "cheap")));
        } catch (ConversionException e) {
            System.out.println(e.getMessage());
        }
        try {
            db.copyIn(
                    "copy item (id) from stdin", new ByteArrayInputStream("9\nten\n".getBytes(StandardCharsets.UTF_8)));
        } catch (ServerException e) {
            System.out.println(e.diagnostics().context());
        }
        try {
            db.copyOut("copy item to stdout", new OutputStream() {
                @Override
                public void write(int one) {
                    throw new IllegalStateException("enough");
                }
            });
        } catch (CopyFailedException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(
                db.queryValue("select count(*) from item where id in (7, 8, 9)", Long.class) + " of them stored");
        // @end
    }
}
