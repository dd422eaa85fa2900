package dev.howdah.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a running server's data folder, taken with the
 * <a href="https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP">low-level backup functions</a>
 * (the embedded servers come without pg_basebackup). Tablespaces outside the data folder are not copied.
 */
final class BaseBackup {

    private static final Set<String> LEFT_OUT = Set.of("postmaster.pid", "postmaster.opts", "postgresql.auto.conf.tmp");
    private static final Set<String> LEFT_EMPTY = Set.of(
            "pg_wal",
            "pg_replslot",
            "pg_dynshmem",
            "pg_notify",
            "pg_serial",
            "pg_snapshots",
            "pg_stat_tmp",
            "pg_subtrans");

    private BaseBackup() {}

    /** Fills the folder's {@code data} with a copy that starts as a streaming standby. */
    static void take(PostgresServer primary, ServerFolder folder) throws IOException {
        boolean renamed = primary.version() >= 15;
        try (AdminSession admin = primary.admin()) {
            admin.execute(
                    renamed
                            ? "select pg_backup_start('standby', true)"
                            : "select pg_start_backup('standby', true, false)");
            Folders.copy(primary.dataDirectory(), folder.data(), BaseBackup::isLeftOut);
            // One row: the position, backup_label's content and tablespace_map's.
            List<@Nullable String> end = admin.execute(
                            renamed
                                    ? "select * from pg_backup_stop(false)"
                                    : "select * from pg_stop_backup(false, false)")
                    .get(0);
            write(folder.data().resolve("backup_label"), String.valueOf(end.get(1)));
            @Nullable String tablespaces = end.get(2);
            if (tablespaces != null && !tablespaces.isEmpty()) {
                write(folder.data().resolve("tablespace_map"), tablespaces);
            }
            write(folder.data().resolve("standby.signal"), "");
        }
    }

    private static boolean isLeftOut(Path path) {
        if (LEFT_OUT.contains(path.toString())) {
            return true;
        }
        // The folders themselves are needed, and pg_wal has one inside that is.
        return path.getNameCount() > 1
                && LEFT_EMPTY.contains(path.getName(0).toString())
                && !path.equals(Path.of("pg_wal", "archive_status"));
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.UTF_8);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        RunUser.current().own(file);
    }
}
