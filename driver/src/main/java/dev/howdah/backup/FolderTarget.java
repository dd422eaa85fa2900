package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A data folder, and those of tablespaces, that a server can be started on. Until all is there it is marked, and has no control file, so
 * that none starts on it. Not safe for several threads.
 */
final class FolderTarget implements BackupTarget {

    private static final Logger LOG = System.getLogger(FolderTarget.class.getName());
    private static final String MANIFEST = "backup_manifest";
    private static final String PART = ".part";
    private static final int PIECE = 128 * 1024;

    private final Path folder;
    private final BackupOptions how;
    private final Consumer<String> current;
    private final byte[] piece = new byte[PIECE];
    private final List<Path> filled = new ArrayList<>();
    private final List<Path> made = new ArrayList<>();
    private @Nullable PlacedTablespaces tablespaces;
    private boolean manifest;

    /**
     * Makes one.
     *
     * @param current is told of each file that is written
     */
    FolderTarget(Path folder, BackupOptions how, Consumer<String> current) {
        this.folder = folder.toAbsolutePath().normalize();
        this.how = how;
        this.current = current;
    }

    @Override
    public void prepare() {
        ServerCompression compression = how.compression;
        if (compression != null
                && !compression.method().equals("gzip")
                && !how.decompressors.containsKey(compression.method())) {
            throw new IllegalArgumentException(
                    "a folder is filled with what is in the archives, and nothing here decompresses "
                            + compression.method() + ": give a decompressor, or take tar files");
        }
        try {
            List<Path> left = PartMarker.exists(folder) ? PartMarker.tablespaces(folder) : List.of();
            claim(folder, PartMarker.exists(folder));
            if (!left.isEmpty()) {
                LOG.log(Level.INFO, "an unfinished backup in {0} was removed; it had tablespaces in {1}", folder, left);
            }
            PartMarker.create(folder, List.of());
        } catch (IOException e) {
            throw DurableFiles.failed("cannot make a backup in", folder, e);
        }
    }

    /** Makes a folder, or takes one that is empty, or that has what was left of an unfinished backup. */
    private void claim(Path place, boolean unfinished) throws IOException {
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            DurableFiles.createFolder(place);
            made.add(place);
        } else if (!Files.isDirectory(place)) {
            throw inUse(place, "it is no folder");
        } else if (unfinished) {
            FolderTree.clear(place);
        } else {
            try (Stream<Path> files = Files.list(place)) {
                if (files.findAny().isPresent()) {
                    throw inUse(place, "there is something in it");
                }
            }
        }
        // No server starts on one that others may look into.
        DurableFiles.closeFolder(place);
        filled.add(place);
    }

    private static BackupException inUse(Path place, String why) {
        return new BackupException(
                Reason.FOLDER_IN_USE, "a backup cannot go to " + place + ": " + why + ". Name an empty folder", null);
    }

    @Override
    public void begin(BackupArchives archives) {
        PlacedTablespaces placed = new PlacedTablespaces(folder, archives.tablespaces(), how.tablespaces);
        tablespaces = placed;
        try {
            for (Path place : placed.outside()) {
                boolean unfinished = PartMarker.exists(place);
                claim(place, unfinished);
                PartMarker.create(place, List.of());
            }
            PartMarker.delete(folder);
            PartMarker.create(folder, placed.outside());
            if (how.wal == WalMode.STREAM) {
                DurableFiles.createFolder(folder.resolve("pg_wal"));
            }
        } catch (IOException e) {
            throw DurableFiles.failed("cannot make a backup in", folder, e);
        }
    }

    @Override
    public WalStore log() {
        // All is synced at the end.
        return FolderStore.pgWal(folder.resolve("pg_wal"), false);
    }

    @Override
    public void take(BackupArchives.Archive archive) {
        BackupFile file = archive.file();
        if (file.kind() == BackupFile.Kind.MANIFEST) {
            manifest(archive);
            return;
        }
        PlacedTablespaces placed = Objects.requireNonNull(tablespaces, "nothing was begun");
        BackupFile.Tablespace of = file.tablespace();
        Path root = of == null ? folder : placed.place(of.oid());
        Unpacking unpacking;
        try {
            Files.createDirectories(root);
            unpacking = new Unpacking(file.name(), root, of == null ? placed : null, current);
        } catch (IOException e) {
            throw DurableFiles.failed("cannot make", root, e);
        }
        try (InputStream in = decompressed(archive)) {
            TarReader reader = new TarReader(file.name(), unpacking);
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                reader.accept(piece, 0, count);
            }
            reader.end();
            if (archive.read() >= 0) {
                throw new BackupException(
                        Reason.ARCHIVE_REFUSED, "the archive " + file.name() + " has bytes behind its end", null);
            }
        } catch (IOException e) {
            throw new BackupException(
                    Reason.ARCHIVE_REFUSED, "the archive " + file.name() + " cannot be decompressed: " + e, e);
        } finally {
            unpacking.close();
        }
    }

    private InputStream decompressed(BackupArchives.Archive archive) throws IOException {
        String name = archive.file().name();
        if (name.endsWith(".tar")) {
            return archive;
        } else if (name.endsWith(".gz")) {
            return new GZIPInputStream(archive, PIECE);
        }
        String method = name.endsWith(".zst") ? "zstd" : name.endsWith(".lz4") ? "lz4" : "";
        BackupDecompressor decompressor = how.decompressors.get(method);
        if (decompressor == null) {
            throw new BackupException(
                    Reason.ARCHIVE_REFUSED,
                    "the server sends an archive " + name + ", which nothing here can decompress",
                    null);
        }
        return decompressor.decompress(archive);
    }

    private void manifest(BackupArchives.Archive archive) {
        current.accept(MANIFEST);
        manifest = true;
        Path file = folder.resolve(MANIFEST + PART);
        try {
            DurableFiles.create(file);
            Files.copy(archive, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw DurableFiles.failed("cannot write", file, e);
        }
    }

    @Override
    public void complete(BackupResult result) {
        try {
            recovery();
            if (how.sync) {
                for (Path place : filled) {
                    FolderTree.sync(place);
                }
            }
            for (Path place : tablespaces == null ? List.<Path>of() : tablespaces.outside()) {
                PartMarker.delete(place);
            }
            if (manifest) {
                Files.move(folder.resolve(MANIFEST + PART), folder.resolve(MANIFEST), StandardCopyOption.ATOMIC_MOVE);
            }
            Path part = folder.resolve(PartMarker.CONTROL_FILE_PART);
            Path control = folder.resolve(PartMarker.CONTROL_FILE);
            if (!Files.exists(part)) {
                throw new BackupException(
                        Reason.ARCHIVE_REFUSED, "the server has sent no " + PartMarker.CONTROL_FILE, null);
            }
            Files.move(part, control, StandardCopyOption.ATOMIC_MOVE);
            if (how.sync) {
                DurableFiles.syncFolder(folder.resolve("global"));
            }
            PartMarker.delete(folder);
            if (how.sync) {
                DurableFiles.syncFolder(folder);
            }
        } catch (IOException e) {
            throw DurableFiles.failed("cannot finish the backup in", folder, e);
        }
    }

    private void recovery() throws IOException {
        RecoverySettings settings = how.recovery;
        if (settings != null) {
            Path file = folder.resolve("postgresql.auto.conf");
            DurableFiles.create(file);
            Files.writeString(file, settings.lines(), StandardCharsets.UTF_8, StandardOpenOption.APPEND);
            DurableFiles.create(folder.resolve(settings.signalFile()));
        }
    }

    /** Leaves the folders as they were: those that were not there are gone, the others empty. */
    @Override
    public void failed(Throwable why) {
        for (Path place : filled) {
            try {
                FolderTree.clear(place);
                if (made.contains(place)) {
                    Files.delete(place);
                }
            } catch (IOException e) {
                why.addSuppressed(e);
            }
        }
    }
}
