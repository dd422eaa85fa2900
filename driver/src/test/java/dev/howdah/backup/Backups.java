package dev.howdah.backup;

import dev.howdah.ConnectOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Backups as the tests take them. */
final class Backups {

    /** Neither server nor disk is waited for. */
    static final BackupOptions FAST =
            BackupOptions.DEFAULT.checkpoint(CheckpointMode.FAST).sync(false);

    private Backups() {}

    /** Takes one as a data folder, or as archives. */
    static void take(boolean tar, ConnectOptions from, BackupOptions how, Path target) {
        if (tar) {
            BaseBackup.toTarFiles(from, how, target);
        } else {
            BaseBackup.toFolder(from, how, target);
        }
    }

    /** Returns all that is in a folder, by paths from there. */
    static List<String> left(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> !file.equals(folder))
                    .map(file -> folder.relativize(file).toString())
                    .toList();
        }
    }
}
