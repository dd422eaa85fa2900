package dev.howdah.testkit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where unpacked servers, initialised data folders and certificates are kept between runs. An entry is made once, under a file lock,
 * in a folder beside its place, and then renamed into its place: it is there whole or not at all.
 *
 * <p>The place is the first that can be used of: the environment variable {@code HOWDAH_CACHE}; {@code .cache/howdah} in the home
 * folder; {@code /var/cache/howdah}; a folder with the user's name in the folder for temporary files.
 */
final class CacheFolder {

    private static final ReentrantLock IN_THIS_JVM = new ReentrantLock();

    private static @Nullable Path root;

    private CacheFolder() {}

    /** Fills the folder it is given with what the cache shall keep. */
    interface Filler {
        void fill(Path folder) throws IOException;
    }

    /** The entry of this name; made now if it is not there yet. */
    static Path entry(String name, Filler filler) throws IOException {
        Path root = root();
        Path place = root.resolve(name);
        if (Files.isDirectory(place)) {
            return place;
        }
        IN_THIS_JVM.lock();
        try (FileChannel channel = FileChannel.open(
                        root.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new IOException("the lock of the cache entry " + name + " was lost");
            }
            if (!Files.isDirectory(place)) {
                make(root, place, filler);
            }
            return place;
        } finally {
            IN_THIS_JVM.unlock();
        }
    }

    private static void make(Path root, Path place, Filler filler) throws IOException {
        Path making = Files.createTempDirectory(root, "making-");
        try {
            letAllRead(making);
            filler.fill(making);
            try {
                Files.move(making, place, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(making, place);
            }
        } finally {
            Folders.delete(making);
        }
    }

    private static Path root() throws IOException {
        IN_THIS_JVM.lock();
        try {
            if (root == null) {
                root = findRoot();
            }
            return root;
        } finally {
            IN_THIS_JVM.unlock();
        }
    }

    private static Path findRoot() throws IOException {
        String named = System.getenv("HOWDAH_CACHE");
        if (named != null && !named.isEmpty()) {
            Path folder = Path.of(named).toAbsolutePath();
            if (!RunUser.current().canReach(folder.getParent() == null ? folder : folder.getParent())) {
                throw new IOException("HOWDAH_CACHE is " + folder + ", which the user "
                        + RunUser.current().name() + " that runs the servers cannot reach");
            }
            return usable(folder);
        }
        String user = System.getProperty("user.name", "user");
        List<Path> places = List.of(
                Path.of(System.getProperty("user.home", "/nonexistent"), ".cache", "howdah"),
                Path.of("/var/cache/howdah"),
                Path.of(System.getProperty("java.io.tmpdir", "/tmp"), "howdah-cache-" + user));
        IOException all = new IOException("no folder found to keep servers in; set HOWDAH_CACHE to one");
        for (Path place : places) {
            try {
                if (RunUser.current().canReach(place)) {
                    return usable(place);
                }
            } catch (IOException e) {
                all.addSuppressed(e);
            }
        }
        throw all;
    }

    private static Path usable(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (RunUser.current().isOther()) {
            letAllRead(folder);
        }
        if (!Files.isWritable(folder)) {
            throw new IOException(folder + " cannot be written to");
        }
        // In a folder for temporary files anybody could have made it first, to have us run his programs.
        if (folder.getFileName() != null && folder.getFileName().toString().startsWith("howdah-cache-")) {
            String owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName();
            if (Files.isSymbolicLink(folder) || !owner.equals(System.getProperty("user.name"))) {
                throw new IOException(folder + " belongs to somebody else");
            }
        }
        return folder;
    }

    private static void letAllRead(Path folder) throws IOException {
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }
}
