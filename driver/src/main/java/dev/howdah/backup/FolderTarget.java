package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A data folder, and those of tablespaces, that a server can be started on. Until all is there it is marked, and has no control file, so
 * that none starts on it. Not safe for several threads.
 */
final class FolderTarget implements BackupTarget {

    private static final String MANIFEST_PART = BackupManifest.FILE_NAME + ".part";
    private static final int PIECE = 128 * 1024;

    private final Path folder;
    private final BackupOptions how;
    private final Consumer<String> current;
    private final BackupFolders folders;
    private final byte[] piece = new byte[PIECE];
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
        this.folders = new BackupFolders(this.folder);
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
            folders.take();
        } catch (IOException e) {
            throw DurableFiles.failed("cannot make a backup in", folder, e);
        }
    }

    @Override
    public void begin(BackupArchives archives) {
        PlacedTablespaces placed = new PlacedTablespaces(folder, archives.tablespaces(), how.tablespaces);
        tablespaces = placed;
        try {
            folders.takeTablespaces(placed.outside());
            if (how.wal == WalMode.STREAM) {
                DurableFiles.createFolder(folder.resolve("pg_wal"));
            }
        } catch (IOException e) {
            throw DurableFiles.failed("cannot make a backup in", folder, e);
        }
    }

    @Override
    public WalStore log() {
        return FolderStore.pgWal(folder.resolve("pg_wal"), how.sync);
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
        current.accept(BackupManifest.FILE_NAME);
        manifest = true;
        Path file = folder.resolve(MANIFEST_PART);
        try {
            DurableFiles.create(file);
            try (FileOutputStream out = new FileOutputStream(file.toFile())) {
                archive.transferTo(out);
            }
        } catch (IOException e) {
            throw DurableFiles.failed("cannot write", file, e);
        }
    }

    @Override
    public void complete(BackupResult result) {
        try {
            recovery();
            if (manifest) {
                Path list = folder.resolve(BackupManifest.FILE_NAME);
                Files.move(folder.resolve(MANIFEST_PART), list, StandardCopyOption.ATOMIC_MOVE);
            }
            if (!Files.exists(folder.resolve(PartMarker.CONTROL_FILE_PART))) {
                throw new BackupException(
                        Reason.ARCHIVE_REFUSED, "the server has sent no " + PartMarker.CONTROL_FILE, null);
            }
            folders.finish(how.sync);
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

    @Override
    public void failed(Throwable why) {
        folders.giveUp(why);
    }
}
