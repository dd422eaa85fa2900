package dev.howdah.backup;

import dev.howdah.ConnectOptions;
import dev.howdah.backup.BackupProgress.Phase;
import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.replication.PhysicalReplicationConnection;
import dev.howdah.replication.SystemIdentity;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A base backup: a copy of all files of a running server, from which, with the log, another one can be started. The server can be a
 * standby. The role needs REPLICATION, and {@code pg_hba.conf} a line for {@code replication}.
 *
 * <p>Each method takes one backup on the calling thread and returns when it is whole and, unless {@link BackupOptions#sync} says
 * otherwise, on disk. What goes wrong on the way is thrown, and nothing is left that looks like a backup: files that were written are
 * removed, and if the program is killed, what it leaves is marked and is no folder that a server starts on; the next backup
 * to the same place removes it. Interrupting the thread ends the backup with an {@link dev.howdah.error.InterruptedWaitException}. A time limit
 * for queries holds for the short commands before it only: the server may have to wait for a checkpoint.
 *
 * <p>They use one connection, and another one for the log if that is {@linkplain WalMode#STREAM streamed}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html#PROTOCOL-REPLICATION-BASE-BACKUP">BASE_BACKUP</a>
 * @see <a href="https://www.postgresql.org/docs/current/app-pgbasebackup.html">pg_basebackup</a>
 */
public final class BaseBackup {

    private final ConnectOptions options;
    private final BackupOptions how;
    private final BackupTarget target;
    private final BackupCommand.@Nullable Place place;
    private final boolean unpacked;
    private final Telling telling;
    private @Nullable BackupStream stream;
    private @Nullable BackupLog log;

    private BaseBackup(
            ConnectOptions options,
            BackupOptions how,
            BackupTarget target,
            BackupCommand.@Nullable Place place,
            boolean unpacked,
            Telling telling) {
        this.options = options;
        this.how = how;
        this.target = target;
        this.place = place;
        this.unpacked = unpacked;
        this.telling = telling;
    }

    /**
     * Takes a backup into a folder, on which a server can be started.
     *
     * @param options how to connect
     * @param folder not there, empty, or with what is left of a backup that was not finished
     * @throws dev.howdah.error.BackupException if something on this side, or what the server sends, is not as it should be
     * @throws dev.howdah.error.ServerException if the server refuses, or does not know an option (0A000)
     */
    public static BackupResult toFolder(ConnectOptions options, BackupOptions how, Path folder) {
        Telling telling = new Telling(how);
        return new BaseBackup(options, how, new FolderTarget(folder, how, telling::current), null, true, telling)
                .take();
    }

    /**
     * Takes a backup as files {@code base.tar}, {@code OID.tar} for each tablespace, {@code pg_wal.tar} for log that is streamed, and
     * {@code backup_manifest}.
     *
     * @param folder where they go: not there, empty, or with what is left of a backup that was not finished
     * @throws dev.howdah.error.BackupException as for {@link #toFolder}
     * @throws dev.howdah.error.ServerException as for {@link #toFolder}
     */
    public static BackupResult toTarFiles(ConnectOptions options, BackupOptions how, Path folder) {
        requireNoFolder(how);
        TarFiles files = new TarFiles(folder, how.sync);
        files.prepare();
        return archives(options, how, new ConsumerTarget(files, Reason.FILE_FAILED));
    }

    /**
     * Takes a backup and gives its files, as archives, to a consumer, as they come.
     *
     * @throws dev.howdah.error.BackupException if the consumer throws something, or what the server sends is not as it should be
     * @throws dev.howdah.error.ServerException as for {@link #toFolder}
     */
    public static BackupResult toConsumer(ConnectOptions options, BackupOptions how, BackupConsumer consumer) {
        Objects.requireNonNull(consumer, "consumer");
        return archives(options, how, new ConsumerTarget(consumer, Reason.CONSUMER_FAILED));
    }

    private static BackupResult archives(ConnectOptions options, BackupOptions how, BackupTarget target) {
        requireNoFolder(how);
        return new BaseBackup(options, how, target, null, false, new Telling(how)).take();
    }

    private static void requireNoFolder(BackupOptions how) {
        if (!how.tablespaces.isEmpty() || how.recovery != null) {
            throw new IllegalArgumentException(
                    "tablespaces are placed, and recovery is prepared, where a backup is taken into a folder");
        }
    }

    /**
     * Has the server put a backup somewhere itself. PostgreSQL 15.
     *
     * @param how with the log fetched, or none
     * @param where {@code server} for a folder of the server's, {@code blackhole} for nowhere, or what a module of the server's offers
     * @param detail for {@code server} the absolute folder; null where there is nothing to say
     * @throws dev.howdah.error.ServerException if the server refuses: for {@code server} the role has to be one of
     *     {@code pg_write_server_files}
     */
    public static BackupResult onServer(
            ConnectOptions options, BackupOptions how, String where, @Nullable String detail) {
        requireNoFolder(how);
        if (how.wal == WalMode.STREAM) {
            throw new IllegalArgumentException(
                    "what the server puts somewhere itself cannot have log that is streamed here: fetch it, or have none");
        }
        BackupCommand.Place place = new BackupCommand.Place(Objects.requireNonNull(where, "where"), detail);
        return new BaseBackup(options, how, new NowhereTarget(), place, false, new Telling(how)).take();
    }

    private BackupResult take() {
        BackupResult taken;
        try {
            target.prepare();
            taken = received();
            telling.phase(Phase.SYNC);
            target.complete(taken);
        } catch (BackupException e) {
            PgException why = e.getCause() instanceof ClosedByInterruptException interrupt
                    ? new InterruptedWaitException(Delivery.COMPLETED, interrupt)
                    : e;
            target.failed(why);
            throw why;
        } catch (RuntimeException | Error e) {
            target.failed(e);
            throw e;
        }
        // Whoever throws something now has a backup all the same.
        telling.phase(Phase.DONE);
        return taken;
    }

    /** Receives all that belongs to it. */
    private BackupResult received() {
        PhysicalReplicationConnection connection = PhysicalReplicationConnection.connect(options);
        try {
            BackupResult received = receive(connection);
            connection.close();
            return received;
        } catch (RuntimeException | Error e) {
            abandon(connection, e);
            throw e;
        }
    }

    private void abandon(PhysicalReplicationConnection connection, Throwable why) {
        try {
            if (stream != null) {
                stream.abandon(why);
            }
            if (log != null) {
                log.abandon();
            }
        } finally {
            connection.close();
        }
    }

    private BackupResult receive(PhysicalReplicationConnection connection) {
        BackupCursor cursor = new BackupCursor(connection);
        String command = new BackupCommand(cursor.version(), how, !unpacked, place).text();
        SystemIdentity system = cursor.identifySystem();
        if (how.incrementalTo != null) {
            ManifestUpload.send(cursor.host(), how.incrementalTo);
        }
        if (how.wal == WalMode.STREAM) {
            log = BackupLog.prepare(sameServer(connection), how, system);
            telling.log = log;
        }
        telling.phase(Phase.CHECKPOINT);
        stream = BackupStream.open(cursor.host(), command);
        BackupArchives archives = new BackupArchives(stream, cursor.version(), telling);
        archives.begin();
        telling.begin(archives.total());
        target.begin(archives);
        if (log != null) {
            log.start(target.log(), archives.startTimeline(), archives.startLsn());
        }
        for (BackupArchives.Archive next = archives.next(); next != null; next = archives.next()) {
            telling.current(next.file().name());
            target.take(next);
        }
        telling.phase(Phase.LOG);
        BackupArchives.End end = archives.end();
        if (log != null) {
            log.finish(end.lsn());
        }
        return new BackupResult(
                system,
                archives.startLsn(),
                archives.startTimeline(),
                end.lsn(),
                end.timeline(),
                archives.tablespaces(),
                telling.bytes,
                how.label);
    }

    /** Returns what leads to the very server that a connection is to, of all that the options name. */
    private ConnectOptions sameServer(PhysicalReplicationConnection connection) {
        return options.toBuilder()
                .server(connection.info().connectReport().accepted())
                .build();
    }

    /** Tells who wants to know how far it has got, and ends the backup if the log has failed. */
    private static final class Telling implements BackupArchives.Meter {
        private final BackupOptions how;
        private @Nullable BackupLog log;
        private Phase phase = Phase.CHECKPOINT;
        private String current = "";
        private long bytes;
        private long done;
        private long total;

        Telling(BackupOptions how) {
            this.how = how;
        }

        void begin(long about) {
            total = about;
            phase(Phase.FILES);
        }

        void phase(Phase next) {
            phase = next;
            current = "";
            tell();
        }

        void current(String name) {
            current = name;
        }

        @Override
        public void came(int count) {
            bytes += count;
            if (how.compression == null) {
                done = Math.max(done, bytes);
            }
            if (log != null) {
                log.check();
            }
            tell();
        }

        @Override
        public void done(long all) {
            done = Math.max(done, all);
            tell();
        }

        private void tell() {
            how.progress.accept(new BackupProgress(phase, done, total, current));
        }
    }

    /** Nowhere: the server keeps what it makes. */
    private static final class NowhereTarget implements BackupTarget {
        @Override
        public void prepare() {
            // There is nothing here.
        }

        @Override
        public void begin(BackupArchives archives) {
            // There is nothing here.
        }

        @Override
        public WalStore log() {
            throw new IllegalStateException("there is no place for log here");
        }

        @Override
        public void take(BackupArchives.Archive archive) {
            if (archive.read() >= 0) {
                throw BackupStream.unexpected("files that it should have kept");
            }
        }

        @Override
        public void complete(BackupResult result) {
            // There is nothing here.
        }

        @Override
        public void failed(Throwable why) {
            // There is nothing here.
        }
    }
}
