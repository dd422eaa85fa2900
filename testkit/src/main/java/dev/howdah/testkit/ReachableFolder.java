package dev.howdah.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder that both a test and the servers can use, for tablespaces, archives and backups: the user that runs servers owns it and can get
 * to it, which a folder of JUnit's is not made for. Deleted when it is closed.
 */
public final class ReachableFolder implements AutoCloseable {

    private final ServerFolder folder;

    private ReachableFolder(ServerFolder folder) {
        this.folder = folder;
    }

    /** Makes an empty one. */
    public static ReachableFolder create() {
        try {
            ReachableFolder made = new ReachableFolder(ServerFolder.create());
            Files.createDirectory(made.path());
            made.own();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder for tests", e);
        }
    }

    /** The folder. */
    public Path path() {
        return folder.root().resolve("files");
    }

    /** Makes a folder in it, which belongs to the user that runs servers. */
    public Path folder(String name) {
        try {
            Path made = Files.createDirectories(path().resolve(name));
            RunUser.current().own(made);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder for tests", e);
        }
    }

    /** Gives all that is in it to the user that runs servers, so that a server can read and change it. */
    public void own() {
        try {
            Folders.own(path());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot give " + path() + " to the servers' user", e);
        }
    }

    @Override
    public void close() {
        try {
            folder.delete();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder.root(), e);
        }
    }
}
