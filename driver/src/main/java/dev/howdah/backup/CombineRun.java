package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes the files of the last backup of a chain, each made whole, into a folder. For one thread, once. */
final class CombineRun {

    private static final int BUFFER = 1 << 17;
    private static final int DEEPEST = 64;

    /** Where files of tables are, which an incremental backup may have in part. */
    private static final Pattern TABLES = Pattern.compile("(base|global|pg_tblspc/\\d+/PG_[^/]+)/.*");

    private static final Pattern TABLESPACE = Pattern.compile("pg_tblspc/\\d+");

    /** What need not be what the server sent. */
    private static final Set<String> OWN = Set.of("postgresql.auto.conf", "recovery.signal", "standby.signal");

    private final BackupCombiner options;
    private final BackupChain chain;
    private final BackupManifest manifest;
    private final CombineTarget target;
    private final byte[] buffer = new byte[BUFFER];
    private final List<ManifestFile> written = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final long total;
    private long done;

    CombineRun(BackupCombiner options, BackupChain chain, Path target) {
        this.options = options;
        this.chain = chain;
        this.manifest = chain.last().manifest();
        this.total = manifest.files().stream().mapToLong(ManifestFile::size).sum();
        this.target = new CombineTarget(target, options.tablespaces, chain);
    }

    BackupManifest combine() throws IOException {
        target.begin();
        try {
            folder(chain.last().folder(), "", 0);
            for (ManifestFile each : manifest.files()) {
                if (!seen.contains(each.path()) && !OWN.contains(each.path())) {
                    throw damaged(EntryName.shown(each.path()) + " is missing");
                }
            }
            Path list = target.place(BackupManifest.FILE_NAME);
            try (OutputStream out = target.create(list, null)) {
                ManifestWriter.write(out, manifest.systemIdentifier(), written, manifest.walRanges());
            }
            target.finish(options.sync);
            return BackupManifest.read(list);
        } catch (IOException | RuntimeException | Error e) {
            target.remove(e);
            throw e;
        }
    }

    private BackupException damaged(String what) {
        return new BackupException(
                Reason.DAMAGED, "the backup in " + chain.last().folder() + " is damaged: " + what, null);
    }

    private void folder(Path from, String prefix, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw damaged("folders are nested deeper than " + DEEPEST);
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(from)) {
            for (Path each : entries) {
                entry(each, prefix + each.getFileName(), depth);
            }
        }
    }

    private void entry(Path from, String path, int depth) throws IOException {
        BasicFileAttributes found = Files.readAttributes(from, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        boolean linked = !found.isDirectory() && Files.isDirectory(from);
        if (linked && TABLESPACE.matcher(path).matches()) {
            target.link(path);
            folder(from, path + "/", depth + 1);
        } else if (found.isDirectory() || linked && path.equals("pg_wal")) {
            target.createFolder(path, from);
            folder(from, path + "/", depth + 1);
        } else if (found.isRegularFile()) {
            file(from, path, found);
        } else {
            throw damaged(EntryName.shown(path) + " is neither a file nor a folder, nor a tablespace's link");
        }
    }

    private void file(Path from, String path, BasicFileAttributes found) throws IOException {
        if (path.equals(BackupManifest.FILE_NAME)) {
            return;
        }
        @Nullable ManifestFile described = manifest.file(path);
        seen.add(path);
        if (described != null && described.size() != found.size() && !OWN.contains(path)) {
            throw damaged(
                    EntryName.shown(path) + " has " + found.size() + " bytes, and should have " + described.size());
        }
        Instant modified = described == null ? found.lastModifiedTime().toInstant() : described.modified();
        int name = path.lastIndexOf('/') + 1;
        if (path.startsWith(IncrementalFile.PREFIX, name)
                && TABLES.matcher(path).matches()) {
            String whole = path.substring(name + IncrementalFile.PREFIX.length());
            TableFile table = chain.tableFile(path.substring(0, name), whole);
            write(from, path.substring(0, name) + whole, modified, table::write);
        } else if (path.equals(BackupLabel.FILE_NAME)) {
            byte[] label = chain.last().label().ofFullBackup();
            write(from, path, modified, out -> out.write(label, label.length));
        } else {
            copy(from, path, modified, OWN.contains(path) ? null : described);
        }
        step(described == null ? 0 : described.size());
    }

    /** What gives a file its content. */
    private interface Content {
        void to(TableFile.Output out) throws IOException;
    }

    private void copy(Path from, String path, Instant modified, @Nullable ManifestFile described) throws IOException {
        String sum = write(from, path, modified, out -> {
            try (InputStream in = Files.newInputStream(from)) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    out.write(buffer, count);
                }
            }
        });
        // Where it has been summed up anyway.
        if (described != null && described.algorithm() == options.checksums && !described.hasChecksum(sum)) {
            throw damaged(EntryName.shown(path) + " is changed: its " + described.algorithm() + " is " + sum
                    + ", and should be " + described.checksum());
        }
    }

    /** Writes a file, and notes it for the manifest; returns its checksum. */
    private String write(Path like, String path, Instant modified, Content content) throws IOException {
        ChecksumAlgorithm.Running sum = options.checksums.begin();
        long[] size = {0};
        try (OutputStream out = target.create(target.place(target.partOf(path)), like)) {
            content.to((bytes, length) -> {
                out.write(bytes, 0, length);
                sum.update(bytes, 0, length);
                size[0] += length;
                requireGoingOn();
            });
        }
        String hex = sum.hex();
        if (!path.startsWith("pg_wal/")) {
            written.add(new ManifestFile(path, size[0], modified, options.checksums, hex));
        }
        return hex;
    }

    private void step(long bytes) {
        done += bytes;
        options.progress.at(done, total);
    }

    private static void requireGoingOn() {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedWaitException(Delivery.NOT_SENT, null);
        }
    }
}
