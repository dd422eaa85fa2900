package dev.howdah.examples;

import dev.howdah.AsyncConnection;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Transaction;
import dev.howdah.error.InsufficientPrivilegeException;
import dev.howdah.largeobject.LargeObject;
import dev.howdah.largeobject.LargeObjectInfo;
import dev.howdah.largeobject.LargeObjectMode;
import dev.howdah.largeobject.LargeObjectPrivilege;
import dev.howdah.largeobject.LargeObjects;
import dev.howdah.largeobject.Whence;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Large objects: created, stored in a table, read, imported, exported, moved within, as streams and text, and kept in order. */
public final class LargeObjectStorage {

    private LargeObjectStorage() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) throws IOException {
        String dsn = args.length > 0 ? args[0] : "";
        Path folder = Files.createTempDirectory("large-objects");
        try (PgConnection db = Howdah.connect(dsn)) {
            db.execute("create temp table document (name text, data_oid oid)");
            create(db);
            read(db);
            files(db, folder);
            within(db);
            streams(db);
            text(db);
            oneCall(db, folder);
            wrong(db);
            administration(db);
            orphans(db);
        } finally {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
        asynchronous(dsn);
    }

    private static void create(PgConnection db) {
        // @start region=create
        try (Transaction tx = db.begin();
                LargeObject object = db.createLargeObject()) {
            object.write("Large binary data here...".getBytes(StandardCharsets.UTF_8));
            db.execute("insert into document values ($1, $2)", "document.pdf", object.oid());
            tx.commit();
        }
        // @end
    }

    private static void read(PgConnection db) {
        // @start region=read
        try (Transaction tx = db.begin()) {
            long oid = db.queryOne("select data_oid from document where name = $1", "document.pdf")
                    .getLong("data_oid");
            try (LargeObject object = db.largeObject(oid, LargeObjectMode.READ)) {
                System.out.println(new String(object.read(), StandardCharsets.UTF_8));
            }
            tx.commit();
        }
        // @end
    }

    private static void files(PgConnection db, Path folder) throws IOException {
        Path largeFile = Files.write(folder.resolve("large_file.bin"), new byte[300_000]);
        // @start region=files
        try (Transaction tx = db.begin();
                LargeObject object = db.importLargeObject(largeFile)) {
            db.execute("insert into document values ($1, $2)", "large_file", object.oid());
            long bytes = object.export(folder.resolve("exported_file.bin"));
            System.out.println(bytes + " bytes exported");
            tx.commit();
        }
        // @end
    }

    private static void within(PgConnection db) {
        // @start region=within
        try (Transaction tx = db.begin();
                LargeObject object = db.createLargeObject()) {
            object.write(new byte[] {1, 2, 3, 4, 5, 6});
            object.seek(-2, Whence.END); // and START, CURRENT: from 0 to 4 TiB
            object.write(new byte[] {7});
            System.out.println("at " + object.tell() + " of " + object.size());
            object.truncate(3);
            object.seek(1);
            System.out.println(object.read().length + " bytes are left");
            object.unlink();
            tx.commit();
        }
        // @end
    }

    private static void streams(PgConnection db) throws IOException {
        // @start region=streams
        try (Transaction tx = db.begin();
                LargeObject object = db.createLargeObject()) {
            try (OutputStream out = new GZIPOutputStream(object.outputStream())) {
                for (int i = 0; i < 100_000; i++) {
                    out.write(i);
                }
            }
            object.seek(0);
            try (InputStream in = new GZIPInputStream(object.inputStream())) {
                System.out.println(in.readAllBytes().length + " bytes unzipped");
            }
            object.unlink();
            tx.commit();
        }
        // @end
    }

    private static void text(PgConnection db) {
        // @start region=text
        try (Transaction tx = db.begin();
                LargeObject object = db.createLargeObject()) {
            object.writeText("Gr\u00fc\u00dfe");
            object.seek(0);
            System.out.println(object.readText(3).length() + " chars in " + object.tell() + " bytes");
            object.unlink();
            tx.commit();
        }
        // @end
    }

    private static void oneCall(PgConnection db, Path folder) throws IOException {
        // @start region=onecall
        LargeObjects objects = db.largeObjects();
        long oid = objects.store(new byte[] {1, 2, 3});
        System.out.println(objects.read(oid).length + " bytes, " + objects.size(oid));
        objects.exportFile(oid, folder.resolve("three"));
        try (InputStream in = Files.newInputStream(folder.resolve("three"))) {
            objects.write(oid, in); // in the place of what was there
        }
        long imported = objects.importFile(folder.resolve("three"));
        objects.unlink(oid);
        objects.unlink(imported);
        // @end
    }

    private static void wrong(PgConnection db) {
        // @start region=wrong
        LargeObject object = db.largeObjects().inTransaction(objects -> {
            LargeObject made = objects.openNew();
            made.write(new byte[100]); // the COMMIT waits for it
            return made;
        });
        System.out.println("open: " + object.isOpen());
        try {
            object.read();
        } catch (IllegalStateException e) {
            System.out.println("refused: " + String.valueOf(e.getMessage()).contains("was committed"));
        }
        object.unlink(); // by its number
        // @end
    }

    private static void administration(PgConnection db) {
        // @start region=administration
        LargeObjects objects = db.largeObjects();
        long oid = objects.create();
        objects.comment(oid, "the logo");
        objects.grant(oid, LargeObjectPrivilege.SELECT, "public");
        for (LargeObjectInfo info : objects.list()) {
            if (info.oid() == oid) {
                System.out.println(info.comment() + ", " + (info.acl() != null));
            }
        }
        try {
            objects.owner(oid, "pg_monitor");
        } catch (InsufficientPrivilegeException e) {
            System.out.println("refused: " + e.sqlState().code());
        }
        // @end
    }

    private static void orphans(PgConnection db) {
        // @start region=orphans
        List<Long> orphans = db.largeObjects().orphans();
        System.out.println("no table refers to " + orphans.size());
        System.out.println("removed " + db.largeObjects().unlinkOrphans());
        // @end
        db.query("select lo_unlink(data_oid) from document");
    }

    private static void asynchronous(String dsn) {
        // @start region=asynchronous
        AsyncConnection db = Howdah.connectAsync(dsn).join();
        String text = db.largeObjects()
                .store("asynchronous".getBytes(StandardCharsets.UTF_8))
                .thenCompose(oid -> db.largeObjects()
                        .read(oid)
                        .thenCombine(
                                db.largeObjects().unlink(oid),
                                (bytes, done) -> new String(bytes, StandardCharsets.UTF_8)))
                .join();
        System.out.println(text);
        db.close().join();
        // @end
    }
}
