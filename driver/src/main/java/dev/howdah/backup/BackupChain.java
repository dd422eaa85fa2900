package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.type.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A full backup and its incremental ones, each of which was made from the one before. Immutable. */
final class BackupChain {

    /** One of the backups. */
    record Link(Path folder, BackupManifest manifest, BackupLabel label, ControlFile control) {}

    private final List<Link> links;

    private BackupChain(List<Link> links) {
        this.links = links;
    }

    /**
     * Looks at backups.
     *
     * @param folders from the full one to the last
     * @throws BackupException {@link Reason#CHAIN_BROKEN} if they do not follow one upon the other
     */
    static BackupChain of(List<Path> folders) {
        if (folders.isEmpty()) {
            throw new IllegalArgumentException("there is no backup to begin with");
        }
        List<Link> links = new ArrayList<>();
        for (Path each : folders) {
            Link link = read(each);
            check(links, link);
            links.add(link);
        }
        return new BackupChain(List.copyOf(links));
    }

    private static Link read(Path folder) {
        BackupManifest manifest = BackupManifest.read(folder);
        if (!Files.exists(folder.resolve("PG_VERSION"))) {
            throw new BackupException(
                    Reason.DAMAGED,
                    folder
                            + " has no file PG_VERSION: backups in archives have to be unpacked before they can be combined",
                    null);
        }
        ControlFile control;
        try {
            control = ControlFile.read(folder.resolve(PartMarker.CONTROL_FILE));
        } catch (IOException e) {
            throw new BackupException(
                    Reason.DAMAGED, "the control file of the backup in " + folder + " cannot be read: " + e, e);
        }
        return new Link(folder, manifest, BackupLabel.read(folder), control);
    }

    private static void check(List<Link> before, Link link) {
        Lsn from = link.label.fromStart();
        if (link.manifest.systemIdentifier().isPresent()
                && link.manifest.systemIdentifier().getAsLong() != link.control.systemIdentifier()) {
            throw new BackupException(
                    Reason.DAMAGED,
                    "the manifest of " + link.folder + " is of another system than its control file",
                    null);
        } else if (before.isEmpty()) {
            if (from != null) {
                throw broken(link.folder + " is an incremental backup; the first has to be a full one, and the others"
                        + " have to be in the order in which they were made");
            }
            return;
        }
        Link last = before.getLast();
        if (from == null) {
            throw broken(link.folder + " is a full backup; only the first can be one");
        } else if (link.control.systemIdentifier() != last.control.systemIdentifier()) {
            throw broken(link.folder + " is a backup of another system than " + last.folder);
        } else if (!from.equals(last.label.start()) || link.label.fromTimeline() != last.label.timeline()) {
            throw broken(link.folder + " was made from a backup that begins at " + from + " of timeline "
                    + link.label.fromTimeline() + ", and " + last.folder + " begins at "
                    + last.label.start() + " of timeline " + last.label.timeline());
        } else if (link.control.blockSize() != last.control.blockSize()
                || link.control.segmentBlocks() != last.control.segmentBlocks()) {
            throw broken(link.folder + " has blocks or files of another size than " + last.folder);
        }
    }

    private static BackupException broken(String why) {
        return new BackupException(Reason.CHAIN_BROKEN, "the backups do not make a chain: " + why, null);
    }

    List<Link> links() {
        return links;
    }

    /** Returns the one that is made whole. */
    Link last() {
        return links.getLast();
    }

    /**
     * Finds all there is of a table's file.
     *
     * @param folder of it, relative to a backup, with a slash at the end
     * @param name of it
     */
    TableFile tableFile(String folder, String name) throws IOException {
        String incremental = folder + IncrementalFile.PREFIX + name;
        TableFile found =
                new TableFile(IncrementalFile.read(required(last(), incremental), last().control), last().control);
        for (int i = links.size() - 2; i >= 0; i--) {
            Link link = links.get(i);
            if (link.manifest.file(folder + name) != null) {
                found.addWhole(required(link, folder + name));
                return found;
            }
            found.add(IncrementalFile.read(required(link, incremental), link.control));
        }
        throw new BackupException(
                Reason.DAMAGED,
                "the full backup in " + links.getFirst().folder + " has no whole file " + folder + name
                        + ", to which later ones have changes",
                null);
    }

    /** Returns a file of a backup, which has to be there with the size that the manifest says. */
    private static Path required(Link link, String path) throws IOException {
        ManifestFile described = link.manifest.file(path);
        Path file = EntryName.resolve(link.folder, path);
        if (described == null || !Files.isRegularFile(file)) {
            throw new BackupException(
                    Reason.DAMAGED,
                    "the backup in " + link.folder + " lacks the file " + EntryName.shown(path)
                            + ", to which a later one has changes",
                    null);
        } else if (Files.size(file) != described.size()) {
            throw new BackupException(
                    Reason.DAMAGED,
                    file + " has " + Files.size(file) + " bytes, and should have " + described.size(),
                    null);
        }
        return file;
    }
}
