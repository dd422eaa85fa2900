package dev.howdah.backup;

import dev.howdah.backup.VerifyReport.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Verifies a backup that lies in a folder as a server's own files do. For one thread. */
final class FolderCheck {

    private static final int BUFFER = 1 << 17;
    private static final String TABLESPACES = "pg_tblspc";
    /** Deeper than a server's folders. */
    private static final int DEEPEST = 64;

    private final VerifyRun run;
    private final Path folder;
    private final byte[] buffer = new byte[BUFFER];

    FolderCheck(VerifyRun run, Path folder) {
        this.run = run;
        this.folder = folder;
    }

    void check() throws IOException {
        folder(folder, "", 0);
        run.noteMissing();
        @Nullable ControlFile control = control();
        run.compareSystem(control);
        if (run.options.wal && control != null) {
            Path received = run.options.walFolder;
            run.checkWal(
                    received == null ? folder.resolve("pg_wal") : received, received != null, control.walSegmentSize());
        }
    }

    private @Nullable ControlFile control() {
        Path file = folder.resolve(PartMarker.CONTROL_FILE);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return ControlFile.read(file);
        } catch (IOException e) {
            run.unreadable(PartMarker.CONTROL_FILE, e);
            return null;
        }
    }

    private void folder(Path at, String prefix, int depth) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(at)) {
            for (Path each : entries) {
                String path = prefix + each.getFileName();
                if (run.isCompared(path)) {
                    entry(each, path, depth);
                }
            }
        }
    }

    private void entry(Path at, String path, int depth) {
        try {
            BasicFileAttributes found = Files.readAttributes(at, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            boolean tablespace = path.startsWith(TABLESPACES + "/") && path.indexOf('/', TABLESPACES.length() + 1) < 0;
            if (found.isDirectory() || tablespace && Files.isDirectory(at)) {
                if (depth == DEEPEST) {
                    throw new IOException("folders are nested deeper than " + DEEPEST);
                }
                folder(at, path + "/", depth + 1);
            } else if (found.isRegularFile()) {
                file(at, path, found.size());
            } else {
                run.problem(
                        Kind.EXTRA,
                        path,
                        EntryName.shown(path) + " is neither a file nor a folder, nor a tablespace's link");
            }
        } catch (IOException e) {
            run.unreadable(path, e);
        }
    }

    private void file(Path at, String path, long size) throws IOException {
        @Nullable ManifestFile expected = run.found(path, size);
        if (expected == null) {
            return;
        }
        ChecksumAlgorithm.Running sum = expected.algorithm().begin();
        try (InputStream in = Files.newInputStream(at)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                sum.update(buffer, 0, count);
                run.step(count);
            }
        }
        run.compare(expected, sum.hex());
    }
}
