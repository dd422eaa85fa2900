package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A folder with received log, as a {@link WalReceiver} or {@code pg_receivewal} fills it: whole segments, compressed ones, one that is not
 * whole ({@code .partial}), and the histories of timelines. Files of other names are of no interest. Whatever is asked is looked up in
 * the folder then, also while it is being filled. Safe for several threads.
 *
 * @see <a href="https://www.postgresql.org/docs/current/app-pgreceivewal.html">pg_receivewal</a>
 */
public final class WalFolder {

    private static final Logger LOG = System.getLogger(WalFolder.class.getName());
    private static final Pattern FILE = Pattern.compile("([0-9A-F]{24})(\\.[A-Za-z0-9]+)?");
    private static final Pattern LEFTOVER =
            Pattern.compile("([0-9A-F]{24}(\\.[A-Za-z0-9]{1,16})?|[0-9A-F]{8}\\.history)\\.tmp");
    /** A file may get its final name while it is looked for. */
    private static final int LOOKS = 3;

    private final Path folder;
    private final Map<String, WalCompression> compressions = new LinkedHashMap<>();

    private WalFolder(Path folder, WalCompression... more) {
        this.folder = folder;
        compressions.put(".gz", WalCompression.gzip());
        for (WalCompression each : more) {
            if (!each.isNone()) {
                compressions.put(each.suffix(), each);
            }
        }
    }

    /** In which form a segment is there. */
    public enum Form {
        /** As the server has it. */
        WHOLE,
        /** As the server has it, compressed. */
        COMPRESSED,
        /** Not all of it has been received. */
        PARTIAL
    }

    /**
     * A segment that is there.
     *
     * @param segment which one
     * @param file where it is
     * @param form as what
     */
    public record Stored(WalSegment segment, Path file, Form form) {}

    /**
     * Opens one.
     *
     * @param more how files may be compressed besides gzip
     * @throws BackupException if there is no such folder
     */
    public static WalFolder open(Path folder, WalCompression... more) {
        if (!Files.isDirectory(folder)) {
            throw new BackupException(Reason.FILE_FAILED, "there is no folder " + folder, null);
        }
        return new WalFolder(folder, more);
    }

    /** Returns where it is. */
    public Path path() {
        return folder;
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            files.forEach(file -> names.add(String.valueOf(file.getFileName())));
        } catch (IOException e) {
            throw DurableFiles.failed("cannot read", folder, e);
        } catch (DirectoryIteratorException e) {
            throw DurableFiles.failed("cannot read", folder, new IOException(e));
        }
        names.sort(Comparator.reverseOrder());
        return names;
    }

    /** Returns as what a file of that name holds a segment; null if it does not. */
    private @Nullable Form form(String name) {
        Matcher matcher = FILE.matcher(name);
        if (!matcher.matches() || WalSegment.parse(matcher.group(1), 1 << 20) == null) {
            return null;
        }
        String suffix = matcher.group(2);
        if (suffix == null) {
            return Form.WHOLE;
        }
        return FolderStore.PARTIAL.equals(suffix)
                ? Form.PARTIAL
                : compressions.containsKey(suffix) ? Form.COMPRESSED : null;
    }

    private InputStream read(String name) throws IOException {
        InputStream file = Files.newInputStream(folder.resolve(name));
        WalCompression compression = compressions.get(name.substring(Math.min(name.length(), 24)));
        try {
            return compression == null ? file : compression.decompress(new BufferedInputStream(file));
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private @Nullable LongPageHeader header(String name) throws IOException {
        try (InputStream in = read(name)) {
            return LongPageHeader.read(in.readNBytes(LongPageHeader.SIZE));
        }
    }

    /** Returns what the highest segment says of its server; null if none says anything. */
    private @Nullable LongPageHeader origin() {
        for (String name : names()) {
            if (form(name) != null && Files.isRegularFile(folder.resolve(name))) {
                try {
                    LongPageHeader header = header(name);
                    if (header != null) {
                        return header;
                    }
                } catch (NoSuchFileException e) {
                    LOG.log(Level.TRACE, "a file was renamed or taken away while it was looked for", e);
                } catch (IOException e) {
                    throw damaged(name, "cannot be read: " + e, e);
                }
            }
        }
        return null;
    }

    /**
     * Returns which server the log is of, as {@code IDENTIFY_SYSTEM} tells it: an unsigned number.
     *
     * @return null if there is no log
     * @throws BackupException if a file cannot be read
     */
    public @Nullable String systemId() {
        LongPageHeader origin = origin();
        return origin == null ? null : origin.systemId();
    }

    /**
     * Returns how many bytes a segment has.
     *
     * @return 0 if there is no log
     * @throws BackupException if a file cannot be read
     */
    public int segmentSize() {
        LongPageHeader origin = origin();
        return origin == null ? 0 : origin.segmentSize();
    }

    /**
     * Returns the segments, by timeline and place; one may be there in several forms.
     *
     * @return none if there is no log; unmodifiable
     * @throws BackupException if folder or files cannot be read
     */
    public List<Stored> segments() {
        return segments(segmentSize());
    }

    private List<Stored> segments(int size) {
        List<Stored> found = new ArrayList<>();
        if (size > 0) {
            for (String name : names()) {
                Form form = form(name);
                WalSegment segment = form == null ? null : WalSegment.parse(name.substring(0, 24), size);
                if (form != null && segment != null && Files.isRegularFile(folder.resolve(name))) {
                    found.add(new Stored(segment, folder.resolve(name), form));
                }
            }
            found.sort(Comparator.comparing(Stored::segment).thenComparing(Stored::form));
        }
        return List.copyOf(found);
    }

    /**
     * Returns the names of the histories of timelines, such as {@code 00000002.history}, in order.
     *
     * @throws BackupException if the folder cannot be read
     */
    public List<String> histories() {
        return names().stream().filter(WalSegment::isHistoryName).sorted().toList();
    }

    /**
     * Returns which segment has to be received next: on the highest timeline that there is, the one behind the highest that is whole, or
     * if none is the lowest that is not.
     *
     * @return null if there is no log
     * @throws BackupException if a file that should be a whole segment is not ({@link Reason#DAMAGED}), or cannot be read
     */
    public @Nullable WalSegment resumesAt() {
        int size = segmentSize();
        List<Stored> all = segments(size);
        if (all.isEmpty()) {
            return null;
        }
        long timeline = all.getLast().segment().timeline();
        WalSegment next = null;
        for (Stored each : all) {
            if (each.segment().timeline() == timeline) {
                if (each.form() != Form.PARTIAL) {
                    requireWhole(each, size);
                    next = each.segment().next();
                } else if (next == null) {
                    next = each.segment();
                }
            }
        }
        return next;
    }

    private static void requireWhole(Stored stored, int size) {
        String name = String.valueOf(stored.file().getFileName());
        try {
            long length = Files.size(stored.file());
            if (stored.form() == Form.WHOLE && length != size) {
                throw damaged(name, "has " + length + " bytes, where segments of its server have " + size, null);
            } else if (length == 0) {
                throw damaged(name, "is empty", null);
            }
        } catch (NoSuchFileException e) {
            LOG.log(Level.TRACE, "a segment, whole before, was compressed or taken away while it was looked for", e);
        } catch (IOException e) {
            throw DurableFiles.failed("cannot read", stored.file(), e);
        }
    }

    private static BackupException damaged(String name, String what, @Nullable Throwable cause) {
        return new BackupException(
                Reason.DAMAGED,
                "the segment " + name + " " + what + ". Move it away, so that it can be received again",
                cause);
    }

    /** Removes what an earlier receiver has left in the middle of its work; nobody may be writing into the folder. */
    void removeLeftovers() {
        List<String> names = names();
        TreeSet<String> there = new TreeSet<>(names);
        for (String name : names) {
            boolean doubled = form(name) == Form.WHOLE
                    && compressions.keySet().stream().anyMatch(suffix -> there.contains(name + suffix));
            if (doubled || LEFTOVER.matcher(name).matches()) {
                try {
                    Files.deleteIfExists(folder.resolve(name));
                } catch (IOException e) {
                    throw DurableFiles.failed("cannot remove", folder.resolve(name), e);
                }
            }
        }
    }

    /**
     * Returns the whole segments that a receiver which was killed had not compressed yet: the last ones.
     *
     * @param atMost how many it leaves at most; if there are more they were not meant to be compressed, and none is returned
     * @throws BackupException if one that should be whole is not ({@link Reason#DAMAGED}), or cannot be read
     */
    List<Path> leftUncompressed(int atMost) {
        int size = segmentSize();
        List<Path> left = new ArrayList<>();
        for (Stored each : segments(size).reversed()) {
            if (each.form() == Form.COMPRESSED) {
                break;
            }
            if (each.form() == Form.WHOLE) {
                requireWhole(each, size);
                left.addFirst(each.file());
            }
        }
        return left.size() > atMost ? List.of() : left;
    }

    // Recovery

    /**
     * Gives a server that recovers a file, as its {@code restore_command} has to: a whole segment, else one that is not, filled up with
     * zeros, else the history of a timeline.
     *
     * @param name what the server asks for, {@code %f}
     * @param target where to put it, {@code %p}; it is there whole, or not at all
     * @return whether there is such a file
     * @throws BackupException if it is damaged, or cannot be read or written
     * @see <a href="https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-RESTORE-COMMAND">restore_command</a>
     */
    public boolean restore(String name, Path target) {
        Objects.requireNonNull(target, "target");
        List<String> candidates = new ArrayList<>();
        if (WalSegment.isHistoryName(name)) {
            candidates.add(name);
        } else if (WalSegment.isName(name)) {
            candidates.add(name);
            compressions.keySet().forEach(suffix -> candidates.add(name + suffix));
            candidates.add(name + FolderStore.PARTIAL);
        }
        for (int i = 0; i < LOOKS; i++) {
            for (String candidate : candidates) {
                if (Files.exists(folder.resolve(candidate)) && give(candidate, target)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean give(String name, Path target) {
        boolean partial = name.endsWith(FolderStore.PARTIAL);
        int size = 0;
        try (InputStream in = read(name)) {
            LongPageHeader header = partial ? header(name) : null;
            if (partial && header == null) {
                // Nothing had come of it.
                return false;
            }
            size = header == null ? 0 : header.segmentSize();
            RestoredFile.write(in, name, size, target);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw damaged(name, "cannot be read: " + e, e);
        }
    }

    /**
     * Gives a server that is to recover all there is, so that it needs no {@code restore_command} for it.
     *
     * @param pgWal the folder {@code pg_wal} of a server that does not run; files that it has already are replaced
     * @return how many files were put there
     * @throws BackupException if one is damaged, or cannot be read or written
     */
    public int restoreAll(Path pgWal) {
        TreeSet<String> names = new TreeSet<>(histories());
        segments().forEach(stored -> names.add(stored.segment().name()));
        int restored = 0;
        for (String name : names) {
            restored += restore(name, pgWal.resolve(name)) ? 1 : 0;
        }
        return restored;
    }

    /** {@return where it is} */
    @Override
    public String toString() {
        return "WalFolder[" + folder + "]";
    }
}
