package dev.howdah.examples;

import dev.howdah.ConnectOptions;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.backup.BackupCombiner;
import dev.howdah.backup.BackupConsumer;
import dev.howdah.backup.BackupFile;
import dev.howdah.backup.BackupManifest;
import dev.howdah.backup.BackupOptions;
import dev.howdah.backup.BackupProgress;
import dev.howdah.backup.BackupResult;
import dev.howdah.backup.BackupVerifier;
import dev.howdah.backup.BaseBackup;
import dev.howdah.backup.CheckpointMode;
import dev.howdah.backup.RecoverySettings;
import dev.howdah.backup.VerifyReport;
import dev.howdah.backup.WalFolder;
import dev.howdah.backup.WalReceiver;
import dev.howdah.backup.WalReceiverEvent;
import dev.howdah.backup.WalReceiverOptions;
import dev.howdah.replication.PhysicalReplicationConnection;
import dev.howdah.type.Lsn;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** A server's files and its log are kept elsewhere, looked at, and made into a data folder that another server starts on. */
public final class BackupAndRecovery {

    private static final String SLOT = "howdah_backup_example";
    private static final int INCREMENTAL = 170_000;

    private BackupAndRecovery() {}

    /**
     * Runs against the server of the connection string given, or of the environment; the backups go to the folder given, or to one for
     * temporary files.
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        ConnectOptions options = ConnectOptions.parse(args.length > 0 ? args[0] : "");
        Path folder = args.length > 1 ? Path.of(args[1]) : Files.createTempDirectory("backups");
        Path wal = folder.resolve("wal");
        try (WalReceiver receiver = receive(options, wal);
                PgConnection db = Howdah.connect(options)) {
            Path sunday = folder.resolve("sunday");
            backUp(options, sunday);
            verify(sunday);
            archive(options, folder.resolve("archive"));
            prepareStandby(options, folder.resolve("standby"));
            db.execute("create table backup_item as select n from generate_series(1, 1000) n");
            if (db.info().serverVersion() >= INCREMENTAL
                    && db.queryOne("select current_setting('summarize_wal')::boolean", Boolean.class)) {
                Path monday = folder.resolve("monday");
                backUpWhatChanged(options, sunday, monday);
                combine(sunday, monday, folder.resolve("combined"));
            }
            db.execute("insert into backup_item values (1001)");
            db.query("select pg_create_restore_point('before_the_mistake')");
            db.execute("drop table backup_item");
            awaitReceived(db, receiver);
        }
        prepare(folder.resolve("sunday"), wal);
        dropSlot(options);
    }

    private static void dropSlot(ConnectOptions options) {
        // @start region=drop
        try (PhysicalReplicationConnection connection = PhysicalReplicationConnection.connect(options)) {
            connection.cursor().dropReplicationSlot(SLOT, true); // waits until nobody uses it any more
        }
        // @end
    }

    private static void backUp(ConnectOptions options, Path folder) {
        // @start region=backup
        BackupOptions how = BackupOptions.DEFAULT
                .label("sunday")
                .checkpoint(CheckpointMode.FAST) // SPREAD, the default, spares the server, and may take minutes
                .progress(BackupAndRecovery::show);
        BackupResult result = BaseBackup.toFolder(options, how, folder);
        System.out.println(result.label() + " needs the log from " + result.startLsn() + " to " + result.endLsn());
        // @end
    }

    // @start region=progress
    /** Called again and again by the thread that takes the backup. */
    private static void show(BackupProgress now) {
        if (now.phase() == BackupProgress.Phase.DONE) {
            System.out.println(now.done() + " bytes, expected were " + now.total());
        }
    }
    // @end

    private static void verify(Path folder) {
        // @start region=verify
        VerifyReport report = BackupVerifier.DEFAULT.verify(folder);
        report.problems().forEach(problem -> System.out.println(problem.kind() + " " + problem.text()));
        System.out.println(report.isSound() ? "sound: " + report.files() + " files" : "not sound");
        // @end
    }

    private static void archive(ConnectOptions options, Path folder) throws IOException {
        Files.createDirectories(folder);
        // @start region=archive
        BaseBackup.toConsumer(options, BackupOptions.DEFAULT.checkpoint(CheckpointMode.FAST), new Archive(folder));
        // @end
    }

    // @start region=consumer
    /** Puts the archives where a program wants them, compressed as it likes. */
    private record Archive(Path folder) implements BackupConsumer {
        @Override
        public OutputStream open(BackupFile file) throws IOException {
            return new GZIPOutputStream(Files.newOutputStream(folder.resolve(file.name() + ".gz")));
        }

        @Override
        public void completed(BackupResult result) throws IOException {
            Files.writeString(folder.resolve("complete"), result.label());
        }

        @Override
        public void failed(Throwable why) {
            System.out.println("no backup, remove " + folder + ": " + why.getMessage());
        }
    }
    // @end

    private static void prepareStandby(ConnectOptions options, Path folder) {
        // @start region=standby
        RecoverySettings settings = RecoverySettings.standby(
                        "host=primary.example user=standby passfile=/etc/standby.pgpass")
                .with("primary_slot_name", "standby1");
        BackupOptions how =
                BackupOptions.DEFAULT.checkpoint(CheckpointMode.FAST).recovery(settings);
        BaseBackup.toFolder(options, how, folder);
        // @end
    }

    private static void backUpWhatChanged(ConnectOptions options, Path sunday, Path monday) {
        // @start region=incremental
        BackupOptions how = BackupOptions.DEFAULT
                .label("monday")
                .checkpoint(CheckpointMode.FAST)
                .incrementalTo(sunday.resolve(BackupManifest.FILE_NAME));
        BaseBackup.toFolder(options, how, monday);
        // @end
    }

    private static void combine(Path sunday, Path monday, Path target) {
        // @start region=combine
        BackupManifest combined = BackupCombiner.DEFAULT.combine(List.of(sunday, monday), target);
        System.out.println("a full backup of " + combined.files().size() + " files");
        // @end
    }

    private static WalReceiver receive(ConnectOptions options, Path wal) {
        // @start region=receive
        WalReceiver receiver = WalReceiver.start(
                options,
                WalReceiverOptions.into(wal)
                        .slot(SLOT)
                        .createSlot(true) // keeps the log for us from then on
                        .listener(BackupAndRecovery::tell));
        // @end
        return receiver;
    }

    // @start region=events
    private static void tell(WalReceiverEvent event) {
        switch (event) {
            case WalReceiverEvent.Streaming begun -> System.out.println("receiving timeline " + begun.timeline());
            case WalReceiverEvent.SegmentCompleted whole ->
                System.out.println("whole: " + whole.segment().name());
            case WalReceiverEvent.TimelineEnded ended ->
                System.out.println("promoted: timeline " + ended.next().timeline());
            case WalReceiverEvent.Interrupted lost ->
                System.out.println(
                        "again in " + lost.pause() + ": " + lost.cause().getMessage());
        }
    }
    // @end

    private static void awaitReceived(PgConnection db, WalReceiver receiver) throws InterruptedException {
        // @start region=status
        Lsn end = db.queryOne("select pg_current_wal_flush_lsn()", Lsn.class);
        while (end.isAfter(receiver.status().flushedLsn())) {
            if (!receiver.isRunning()) {
                throw new IllegalStateException("no log comes any more", receiver.failure());
            }
            Thread.sleep(10);
        }
        // @end
    }

    private static void prepare(Path data, Path wal) throws IOException {
        // @start region=recover
        WalFolder.open(wal).restoreAll(data.resolve("pg_wal"));
        Files.writeString(data.resolve("postgresql.auto.conf"), """
                restore_command = 'false' # all there is has been put into pg_wal
                recovery_target_name = 'before_the_mistake'
                recovery_target_action = 'promote'
                """, StandardOpenOption.APPEND);
        Files.createFile(data.resolve("recovery.signal"));
        // @end
    }

    // @start region=restore
    /** What a program does that is called as restore_command; what it returns is its exit code. */
    static int restore(Path wal, String name, Path target) { // %f and %p
        return WalFolder.open(wal).restore(name, target) ? 0 : 1;
    }
    // @end
}
