package dev.howdah.backup;

import dev.howdah.backup.VerifyReport.Kind;
import dev.howdah.error.BackupException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Verifies a backup that lies in archives, reading each from beginning to end. For one thread. */
final class ArchiveCheck {

    private static final int BUFFER = 1 << 17;
    private static final Pattern NAME = Pattern.compile("(base|pg_wal|\\d{1,10})\\.tar(\\..+)?");
    private static final String BASE = "base";
    private static final String WAL = "pg_wal";
    /** As much of the control file as {@link ControlFile} wants. */
    private static final int CONTROL = 512;

    private final VerifyRun run;
    private final Path folder;
    private final List<Path> archives;
    /** Those with segments of the log in them. */
    private final Set<Path> withWal = new LinkedHashSet<>();

    /** Whether an archive is compressed in a way that is not known. */
    private boolean closed;

    private @Nullable ControlFile control;
    private @Nullable WalRanges ranges;

    ArchiveCheck(VerifyRun run, Path folder, List<Path> archives) {
        this.run = run;
        this.folder = folder;
        this.archives = archives;
    }

    /** Returns the archives of a backup in a folder, the main one first and that of the log last; none if there is no main one. */
    static List<Path> archives(Path folder, BackupVerifier options) throws IOException {
        List<Path> found = new ArrayList<>();
        boolean main = false;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path each : entries) {
                Matcher name = NAME.matcher(each.getFileName().toString());
                if (name.matches() && Files.isRegularFile(each)) {
                    found.add(each);
                    main |= BASE.equals(name.group(1));
                }
            }
        }
        if (!main) {
            return List.of();
        }
        found.sort(Comparator.comparingInt(ArchiveCheck::rank).thenComparing(Path::toString));
        return found;
    }

    private static int rank(Path archive) {
        return switch (stem(archive)) {
            case BASE -> 0;
            case WAL -> 2;
            default -> 1;
        };
    }

    private static String stem(Path archive) {
        String name = archive.getFileName().toString();
        return name.substring(0, name.indexOf('.'));
    }

    private static String suffix(Path archive) {
        String name = archive.getFileName().toString();
        return name.substring(name.indexOf(".tar") + ".tar".length());
    }

    void check() throws IOException {
        noteOthers();
        for (Path each : archives) {
            read(each, new Compared(each));
        }
        if (closed) {
            // Nobody knows what is missing.
            return;
        }
        run.noteMissing();
        run.compareSystem(control);
        if (run.options.wal && control != null) {
            checkWal(control);
        }
    }

    /** What else lies beside the archives does not belong there. */
    private void noteOthers() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path each : entries) {
                String name = each.getFileName().toString();
                if (!archives.contains(each) && run.isCompared(name)) {
                    run.problem(Kind.EXTRA, name, EntryName.shown(name) + " is none of the backup's archives");
                }
            }
        }
    }

    private void checkWal(ControlFile known) {
        @Nullable Path received = run.options.walFolder;
        if (received != null) {
            run.checkWal(received, true, known.walSegmentSize());
            return;
        }
        WalRanges wanted = ranges(known);
        // Mostly the segments are in their order, behind the control file, and have been looked at by now.
        long before = -1;
        while (wanted.isOpen() && wanted.progress() > before) {
            before = wanted.progress();
            for (Path each : withWal) {
                read(each, new Logged(each, wanted));
            }
        }
        run.noteWal(wanted);
    }

    private WalRanges ranges(ControlFile known) {
        if (ranges == null) {
            ranges = new WalRanges(run.manifest.walRanges(), known.walSegmentSize());
        }
        return ranges;
    }

    private void read(Path archive, TarHandler handler) {
        String name = archive.getFileName().toString();
        String suffix = suffix(archive);
        if (!suffix.isEmpty() && !run.options.decompressors.containsKey(suffix)) {
            closed = true;
            run.problem(
                    Kind.UNREADABLE,
                    name,
                    EntryName.shown(name) + " is compressed in a way that is not known here: say how to read "
                            + EntryName.shown(suffix));
            return;
        }
        try (InputStream in = run.open(archive, suffix)) {
            TarReader reader = new TarReader(name, handler);
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                reader.accept(buffer, 0, count);
            }
            reader.end();
        } catch (IOException e) {
            run.unreadable(name, e);
        } catch (BackupException e) {
            run.problem(Kind.UNREADABLE, name, String.valueOf(e.getMessage()));
        }
    }

    /** Returns where in the backup what is in an archive belongs. */
    private static String prefix(Path archive) {
        return switch (stem(archive)) {
            case BASE -> "";
            case WAL -> WAL + "/";
            default -> "pg_tblspc/" + stem(archive) + "/";
        };
    }

    private static boolean isSegment(String path) {
        return path.startsWith(WAL + "/") && path.indexOf('/', WAL.length() + 1) < 0;
    }

    private static String segment(String path) {
        return path.substring(WAL.length() + 1);
    }

    /** Compares what is in an archive with the manifest, and has the log be looked at on the way. */
    private final class Compared implements TarHandler {
        private final Path archive;
        private final byte[] head = new byte[CONTROL];
        private int headed;
        private String path = "";
        private @Nullable ManifestFile expected;
        private ChecksumAlgorithm.Running sum = ChecksumAlgorithm.NONE.begin();
        private @Nullable WalRanges feeding;

        Compared(Path archive) {
            this.archive = archive;
        }

        @Override
        public void begin(TarEntry entry) {
            path = prefix(archive) + entry.name();
            feeding = null;
            expected = null;
            headed = 0;
            if (entry.kind() == TarEntry.Kind.LINK && !path.matches("pg_tblspc/\\d+|pg_wal")) {
                run.problem(Kind.EXTRA, path, EntryName.shown(path) + " is a link, and no tablespace's");
            } else if (entry.kind() == TarEntry.Kind.FILE) {
                file(entry);
            }
        }

        private void file(TarEntry entry) {
            if (isSegment(path)) {
                withWal.add(archive);
                if (run.options.wal && control != null && run.options.walFolder == null) {
                    feeding = ranges(control);
                    feeding.begin(segment(path), entry.size());
                }
            }
            if (run.isCompared(path)) {
                expected = run.found(path, entry.size());
                if (expected != null) {
                    sum = expected.algorithm().begin();
                }
            }
        }

        @Override
        public void data(byte[] bytes, int offset, int length) {
            if (feeding != null) {
                feeding.data(bytes, offset, length);
            }
            if (expected != null) {
                sum.update(bytes, offset, length);
                run.step(length);
            }
            if (path.equals(PartMarker.CONTROL_FILE) && headed < CONTROL) {
                int taken = Math.min(length, CONTROL - headed);
                System.arraycopy(bytes, offset, head, headed, taken);
                headed += taken;
            }
        }

        @Override
        public void end() {
            if (expected != null) {
                run.compare(expected, sum.hex());
            }
            if (path.equals(PartMarker.CONTROL_FILE)) {
                control = ControlFile.parse(Arrays.copyOf(head, headed));
            }
        }
    }

    /** Has the log in an archive be looked at, and nothing else. */
    private static final class Logged implements TarHandler {
        private final String prefix;
        private final WalRanges ranges;
        private boolean feeding;

        Logged(Path archive, WalRanges ranges) {
            this.prefix = prefix(archive);
            this.ranges = ranges;
        }

        @Override
        public void begin(TarEntry entry) {
            String path = prefix + entry.name();
            feeding = isSegment(path) && entry.kind() == TarEntry.Kind.FILE;
            if (feeding) {
                ranges.begin(segment(path), entry.size());
            }
        }

        @Override
        public void data(byte[] bytes, int offset, int length) {
            if (feeding) {
                ranges.data(bytes, offset, length);
            }
        }

        @Override
        public void end() {
            feeding = false;
        }
    }
}
