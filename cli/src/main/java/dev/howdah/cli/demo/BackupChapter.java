package dev.howdah.cli.demo;

import dev.howdah.ConnectOptions;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.backup.BackupOptions;
import dev.howdah.backup.BackupProgress;
import dev.howdah.backup.BackupResult;
import dev.howdah.backup.BackupVerifier;
import dev.howdah.backup.BaseBackup;
import dev.howdah.backup.CheckpointMode;
import dev.howdah.backup.VerifyReport;
import dev.howdah.backup.WalFolder;
import dev.howdah.backup.WalReceiver;
import dev.howdah.backup.WalReceiverOptions;
import dev.howdah.backup.WalReceiverStatus;
import dev.howdah.cli.Progress;
import dev.howdah.cli.Timing;
import dev.howdah.error.PgException;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.ReachableFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A server is backed up, its log received, the server killed among commits; another one has them all. */
final class BackupChapter implements Chapter {

    private static final String RECEIVER = "demo_receiver";
    private static final String BACKUP = "backup";
    private static final int BEFORE = 10_000;
    private static final int COMMITS = 300;
    private static final int PATIENCE_SECONDS = 60;

    @Override
    public String name() {
        return BACKUP;
    }

    @Override
    public String summary() {
        return "a base backup, the log received, a crash, and every commit that was answered is there";
    }

    @Override
    public void tell(Stage stage) throws InterruptedException {
        stage.narrator().say("starting a server of its own, for it will not live to the end of the chapter");
        try (ReachableFolder folder = ReachableFolder.create()) {
            Path backup = folder.path().resolve(BACKUP);
            Path wal = folder.path().resolve("wal");
            int answered;
            try (PostgresServer server = PostgresServer.builder().start()) {
                ConnectOptions options = ConnectOptions.parse(server.dsn("postgres"));
                try (PgConnection db = Howdah.connect(options)) {
                    db.script("create table ledger (n int primary key, entry text); insert into ledger"
                            + " select -n, 'from before the backup' from generate_series(1, " + BEFORE + ") n");
                }
                try (WalReceiver receiver = receive(stage, options, wal)) {
                    awaitStream(receiver);
                    backUp(stage, options, backup);
                    verify(stage, backup);
                    answered = commitUntilKilled(stage, server, options, receiver);
                }
            }
            recover(stage, backup, wal, answered);
        }
    }

    private static WalReceiver receive(Stage stage, ConnectOptions options, Path wal) {
        stage.narrator().code("""
                        WalReceiver.start(options, WalReceiverOptions.into(wal)
                                .slot("demo_receiver").createSlot(true).synchronous(true))""");
        ConnectOptions named =
                options.toBuilder().option("application_name", RECEIVER).build();
        return WalReceiver.start(
                named,
                WalReceiverOptions.into(wal).slot(RECEIVER).createSlot(true).synchronous(true));
    }

    private static void awaitStream(WalReceiver receiver) throws InterruptedException {
        long start = System.nanoTime();
        while (!receiver.status().streaming()) {
            requireInTime(start, "the receiver has no stream: " + receiver.failure());
            Thread.sleep(1);
        }
    }

    private static void backUp(Stage stage, ConnectOptions options, Path backup) {
        stage.narrator().code("BaseBackup.toFolder(options, BackupOptions.DEFAULT.checkpoint(FAST), backup)");
        long start = System.nanoTime();
        BackupResult result;
        try (Bar bar = new Bar(stage)) {
            result = BaseBackup.toFolder(
                    options,
                    BackupOptions.DEFAULT.checkpoint(CheckpointMode.FAST).progress(bar),
                    backup);
        }
        stage.narrator()
                .got(BACKUP, String.format(Locale.ROOT, "%,d bytes in %s", result.bytes(), Timing.since(start)));
        stage.narrator().got("its log", result.startLsn() + " to " + result.endLsn());
        stage.expect(result.endLsn().isAfter(result.startLsn()), "a data folder on which a server starts");
    }

    private static void verify(Stage stage, Path backup) {
        stage.narrator().code("BackupVerifier.DEFAULT.verify(backup)");
        long start = System.nanoTime();
        VerifyReport report = BackupVerifier.DEFAULT.verify(backup);
        stage.narrator()
                .got(
                        "verified",
                        String.format(
                                Locale.ROOT,
                                "%,d files and %,d records of log in %s",
                                report.files(),
                                report.walRecords(),
                                Timing.since(start)));
        stage.expectEqual("[]", report.problems().toString(), "what is wrong with the backup");
        stage.expect(report.isSound(), "each file has the checksum that the server said, and the log is whole");
    }

    /** Returns how many commits the server has answered. */
    private static int commitUntilKilled(
            Stage stage, PostgresServer server, ConnectOptions options, WalReceiver receiver)
            throws InterruptedException {
        stage.narrator()
                .code("synchronous_standby_names = 'demo_receiver'     # a commit waits for the receiver's disk");
        server.configure("synchronous_standby_names", RECEIVER);
        long start = System.nanoTime();
        try (PgConnection db = Howdah.connect(options)) {
            while (!db.queryOne(
                    "select exists (select from pg_stat_replication where application_name = $1 and sync_state = 'sync')",
                    Boolean.class,
                    RECEIVER)) {
                requireInTime(start, "the receiver is no synchronous standby: " + receiver.failure());
                Thread.sleep(10);
            }
        }
        stage.narrator().say("commit upon commit, and in the middle of them the server is killed, all its processes:");
        AtomicInteger answered = new AtomicInteger();
        AtomicReference<PgException> end = new AtomicReference<>();
        Thread committing = Thread.ofPlatform().name("demo-commits").start(() -> commit(options, answered, end));
        while (answered.get() < COMMITS) {
            requireInTime(start, "only " + answered + " commits were answered: " + end);
            Thread.sleep(1);
        }
        server.crash();
        if (!committing.join(Duration.ofSeconds(PATIENCE_SECONDS))) {
            throw new UnmetException("nobody told who commits that the server is gone");
        }
        stage.narrator().got("answered", answered + " commits, the last one " + answered);
        stage.narrator()
                .got(
                        "then",
                        String.valueOf(
                                Objects.requireNonNull(end.get(), "no end").getMessage()));
        WalReceiverStatus status = receiver.status();
        stage.narrator().got("received", "log up to " + status.flushedLsn() + " is on the disk");
        return answered.get();
    }

    private static void commit(ConnectOptions options, AtomicInteger answered, AtomicReference<PgException> end) {
        try (PgConnection db = Howdah.connect(options)) {
            for (int n = 1; ; n++) {
                db.query("insert into ledger values ($1, 'answered')", n);
                answered.set(n);
            }
        } catch (PgException e) {
            end.set(e);
        }
    }

    private static void recover(Stage stage, Path backup, Path wal, int answered) {
        stage.narrator().say("the server and all its files are gone; there are the backup and the received log:");
        stage.narrator().code("WalFolder.open(wal).restoreAll(backup.resolve(\"pg_wal\"))");
        int files = WalFolder.open(wal).restoreAll(backup.resolve("pg_wal"));
        stage.narrator().got("put into pg_wal", files + (files == 1 ? " file" : " files"));
        long start = System.nanoTime();
        try (PostgresServer recovered = PostgresServer.builder().data(backup).start();
                PgConnection db = Howdah.connect(recovered.dsn("postgres"))) {
            stage.narrator().got("recovered", "after " + Timing.since(start) + " another server takes connections");
            stage.expectEqual(
                    BEFORE,
                    db.queryOne("select count(*)::int from ledger where n < 0", Integer.class),
                    "rows from before the backup");
            int last = db.queryOne("select max(n) from ledger where n > 0", Integer.class);
            stage.narrator().got("last commit", String.valueOf(last));
            stage.expectEqual(
                    last,
                    db.queryOne("select count(*)::int from ledger where n > 0", Integer.class),
                    "rows up to the last commit");
            // The server may have been killed between a commit and its answer.
            stage.expect(
                    last == answered || last == answered + 1,
                    "every commit that the killed server had answered is there, up to the last one");
        }
    }

    private static void requireInTime(long start, String otherwise) {
        if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
            throw new UnmetException(otherwise);
        }
    }

    /** Shows how far the backup has come. */
    private static final class Bar implements Consumer<BackupProgress>, AutoCloseable {
        private final Stage stage;
        private Progress progress;
        private boolean begun;
        private long done;

        Bar(Stage stage) {
            this.stage = stage;
            this.progress = stage.progressOfBytes("backing up", -1);
        }

        @Override
        public void accept(BackupProgress now) {
            if (!begun && now.total() > 0) {
                begun = true;
                progress.close();
                progress = stage.progressOfBytes("backing up", now.total());
            }
            progress.step(Math.max(0, now.done() - done));
            done = Math.max(done, now.done());
        }

        @Override
        public void close() {
            progress.close();
        }
    }
}
