package dev.howdah.backup;

import dev.howdah.backup.VerifyReport.Kind;
import dev.howdah.backup.VerifyReport.Problem;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known while a backup is verified. For one thread. */
final class VerifyRun {

    private static final int MOST_PROBLEMS = 10_000;

    /** What need not be what the server sent, or has a check of its own. */
    private static final Set<String> NOT_COMPARED =
            Set.of(BackupManifest.FILE_NAME, "pg_wal", "postgresql.auto.conf", "recovery.signal", "standby.signal");

    final BackupVerifier options;
    final BackupManifest manifest;
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final long total;
    private long problemCount;
    private long files;
    private long bytes;
    private long walRecords;

    VerifyRun(BackupVerifier options, BackupManifest manifest) {
        this.options = options;
        this.manifest = manifest;
        this.total = manifest.files().stream()
                .filter(file -> isCompared(file.path()))
                .mapToLong(ManifestFile::size)
                .sum();
    }

    /** Returns whether a file or folder has to be what the manifest says. */
    boolean isCompared(String path) {
        int end = path.indexOf('/');
        return !NOT_COMPARED.contains(end < 0 ? path : path.substring(0, end)) && !options.isIgnored(path);
    }

    /**
     * Notes that a file is there.
     *
     * @return what the manifest says of it, if its content is to be compared with that
     */
    @Nullable
    ManifestFile found(String path, long size) {
        @Nullable ManifestFile expected = manifest.file(path);
        if (expected == null) {
            problem(Kind.EXTRA, path, EntryName.shown(path) + " is there and not in the manifest");
            return null;
        } else if (!seen.add(path)) {
            problem(Kind.EXTRA, path, EntryName.shown(path) + " is there twice");
            return null;
        }
        files++;
        if (expected.size() != size) {
            problem(
                    Kind.SIZE,
                    path,
                    EntryName.shown(path) + " has " + size + " bytes, and should have " + expected.size());
            step(expected.size());
            return null;
        } else if (!options.checksums || expected.algorithm() == ChecksumAlgorithm.NONE) {
            step(size);
            return null;
        }
        return expected;
    }

    /** Compares a file's checksum. */
    void compare(ManifestFile expected, String hex) {
        if (!expected.hasChecksum(hex)) {
            problem(
                    Kind.CHECKSUM,
                    expected.path(),
                    EntryName.shown(expected.path()) + " is changed: its " + expected.algorithm() + " is " + hex
                            + ", and should be " + expected.checksum());
        }
    }

    /** Notes that so many bytes are done. */
    void step(long count) {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedWaitException(Delivery.NOT_SENT, null);
        }
        bytes += count;
        options.progress.at(bytes, total);
    }

    void problem(Kind kind, String path, String text) {
        problemCount++;
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(new Problem(kind, path, text));
        }
    }

    /** Notes that something cannot be read; an interrupt is thrown on. */
    void unreadable(String path, IOException e) {
        if (e instanceof ClosedByInterruptException) {
            throw new InterruptedWaitException(Delivery.NOT_SENT, e);
        }
        problem(Kind.UNREADABLE, path, EntryName.shown(path) + " cannot be read: " + e);
    }

    /** Notes what the manifest has and nobody has found. */
    void noteMissing() {
        for (ManifestFile each : manifest.files()) {
            if (isCompared(each.path()) && !seen.contains(each.path())) {
                problem(Kind.MISSING, each.path(), EntryName.shown(each.path()) + " is missing");
            }
        }
    }

    /** Looks whether the control file is of the server that the manifest is of, where that says it. */
    void compareSystem(@Nullable ControlFile control) {
        if (control == null) {
            problem(
                    Kind.SYSTEM,
                    PartMarker.CONTROL_FILE,
                    "there is no control file to be read: no server can start on it");
        } else if (manifest.systemIdentifier().isPresent()
                && manifest.systemIdentifier().getAsLong() != control.systemIdentifier()) {
            problem(
                    Kind.SYSTEM,
                    PartMarker.CONTROL_FILE,
                    "the manifest is of system "
                            + Long.toUnsignedString(manifest.systemIdentifier().getAsLong())
                            + " and the control file of system " + Long.toUnsignedString(control.systemIdentifier()));
        }
    }

    /** Opens a segment in a folder; in one of a receiver's it may be compressed or partial. */
    @Nullable
    InputStream segment(Path folder, String name, boolean received) throws IOException {
        Path file = folder.resolve(name);
        if (Files.isRegularFile(file)) {
            return Files.newInputStream(file);
        } else if (!received) {
            return null;
        }
        for (String suffix : options.decompressors.keySet()) {
            Path compressed = folder.resolve(name + suffix);
            if (Files.isRegularFile(compressed)) {
                return open(compressed, suffix);
            }
        }
        Path partial = folder.resolve(name + ".partial");
        return Files.isRegularFile(partial) ? Files.newInputStream(partial) : null;
    }

    /** Opens a file that is compressed as its suffix says; not at all if that is empty. */
    InputStream open(Path file, String suffix) throws IOException {
        InputStream compressed = Files.newInputStream(file);
        @Nullable BackupDecompressor decompressor = options.decompressors.get(suffix);
        if (decompressor == null) {
            return compressed;
        }
        try {
            return new FilterInputStream(decompressor.decompress(compressed)) {
                @Override
                public void close() throws IOException {
                    try (compressed) {
                        super.close();
                    }
                }
            };
        } catch (IOException | RuntimeException e) {
            compressed.close();
            throw e;
        }
    }

    /** Looks at all the log that the backup needs, in a folder. */
    void checkWal(Path folder, boolean received, int segmentSize) {
        WalRanges ranges = new WalRanges(manifest.walRanges(), segmentSize);
        try {
            ranges.read(name -> segment(folder, name, received));
        } catch (IOException e) {
            unreadable("pg_wal", e);
        }
        noteWal(ranges);
    }

    /** Notes what was found of the log. */
    void noteWal(WalRanges ranges) {
        walRecords += ranges.count();
        for (String each : ranges.faults()) {
            problem(Kind.WAL, "pg_wal", each);
        }
    }

    VerifyReport report() {
        return new VerifyReport(problems, problemCount, files, bytes, walRecords);
    }
}
