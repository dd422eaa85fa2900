package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/** Files that outlive a power cut, and that nobody but their owner can read where the system allows that. */
final class DurableFiles {

    /** What a file is called until it is whole. */
    static final String TEMPORARY = ".tmp";

    private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

    private DurableFiles() {}

    /** Makes an empty file; returns false if there is one. */
    static boolean create(Path file) throws IOException {
        try {
            Files.createFile(file, owners(file, "rw-------"));
            return true;
        } catch (FileAlreadyExistsException e) {
            if (!isFileOrGone(file)) {
                throw e;
            }
            return false;
        }
    }

    private static boolean isFileOrGone(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).isRegularFile();
        } catch (NoSuchFileException e) {
            // Who had it has removed it meanwhile; or it is a link that leads nowhere, which is none.
            return !Files.isSymbolicLink(file);
        }
    }

    /** Makes a folder, and those above, if it is not there. */
    static void createFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Path parent = folder.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            createFolderHere(folder);
        }
    }

    /**
     * Makes a folder if it is not there; another thread may be making it just now, as the log's does beside the files'.
     *
     * @param links whether a link to a folder is one
     */
    static void createFolderHere(Path folder, LinkOption... links) throws IOException {
        try {
            Files.createDirectory(folder, owners(folder, "rwx------"));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder, links)) {
                throw e;
            }
        }
    }

    /** Has nobody but its owner look into a folder, where the system allows that. */
    static void closeFolder(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private static FileAttribute<?>[] owners(Path file, String rights) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))}
                : new FileAttribute<?>[0];
    }

    /** Writes a whole file: there is all of it under its name or, if that fails, what was before. */
    static void write(Path file, byte[] content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY);
        Files.deleteIfExists(temporary);
        create(temporary);
        try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
            out.write(content);
            out.getFD().sync();
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        rename(temporary, file);
    }

    /** Gives a file that was synced its name, in the same folder, and sees to it that it keeps it. */
    static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        syncFolder(Objects.requireNonNull(to.toAbsolutePath().getParent(), "a file lies in a folder"));
    }

    /** Sees to it that the names in a folder outlive a power cut; where folders cannot be synced, the system does that itself. */
    static void syncFolder(Path folder) throws IOException {
        if (!WINDOWS) {
            boolean interrupted = Thread.interrupted();
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /**
     * Returns what to throw.
     *
     * @param what as in "cannot write"
     */
    static BackupException failed(String what, Path file, IOException cause) {
        return new BackupException(
                Reason.FILE_FAILED,
                what + " " + file + ": " + cause + ". Is there room on the disk, and the right to write?",
                cause);
    }
}
