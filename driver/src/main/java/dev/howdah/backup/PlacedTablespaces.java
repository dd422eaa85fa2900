package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the tablespaces of a backup go on this machine. Immutable. */
final class PlacedTablespaces {

    private final Path folder;
    private final Map<Long, Path> places = new LinkedHashMap<>();
    private final Map<Long, String> locations = new LinkedHashMap<>();
    private final List<Path> outside = new ArrayList<>();

    /**
     * Finds their places.
     *
     * @param folder the data folder
     * @throws IllegalArgumentException if a mapping is of a tablespace that the server does not have
     * @throws BackupException if two would be in each other's way
     */
    PlacedTablespaces(Path folder, List<BackupFile.Tablespace> tablespaces, Map<Path, Path> mapping) {
        this.folder = folder;
        Set<Path> unused = new HashSet<>(mapping.keySet());
        for (BackupFile.Tablespace each : tablespaces) {
            Path there = Path.of(each.location()).normalize();
            unused.remove(there);
            locations.put(each.oid(), each.location());
            places.put(each.oid(), place(each, there, mapping.get(there)));
        }
        if (!unused.isEmpty()) {
            throw new IllegalArgumentException("the server has no tablespace in "
                    + unused.iterator().next() + "; it has them in " + locations.values());
        }
    }

    private Path place(BackupFile.Tablespace tablespace, Path there, @Nullable Path mapped) {
        if (!there.isAbsolute()) {
            // Since version 15 there may be some inside the data folder.
            String expected = "pg_tblspc/" + tablespace.oid();
            if (!tablespace.location().equals(expected)) {
                throw new BackupException(
                        Reason.ARCHIVE_REFUSED,
                        "the server says that a tablespace is in " + EntryName.shown(tablespace.location()),
                        null);
            }
            return folder.resolve(expected);
        }
        Path here = mapped == null ? there : mapped;
        for (Path other : outside) {
            requireApart(here, other);
        }
        requireApart(here, folder);
        outside.add(here);
        return here;
    }

    private static void requireApart(Path one, Path other) {
        if (one.startsWith(other) || other.startsWith(one)) {
            throw new BackupException(
                    Reason.FOLDER_IN_USE,
                    "the backup would have a tablespace in " + one + " and other files in " + other
                            + ": map the tablespace to a folder of its own",
                    null);
        }
    }

    /** Returns the folder of a tablespace. */
    Path place(long oid) {
        Path place = places.get(oid);
        if (place == null) {
            throw new IllegalStateException("there is no tablespace " + oid);
        }
        return place;
    }

    /** Returns those that are outside the data folder. */
    List<Path> outside() {
        return List.copyOf(outside);
    }

    /**
     * Returns where a link of the data folder leads to.
     *
     * @param name its name in the archive
     * @param target what the archive says
     * @return null if there may be no such link
     */
    @Nullable
    Path link(String name, String target) {
        for (Map.Entry<Long, Path> each : places.entrySet()) {
            if (name.equals("pg_tblspc/" + each.getKey()) && target.equals(locations.get(each.getKey()))) {
                return outside.contains(each.getValue()) ? each.getValue() : null;
            }
        }
        return null;
    }
}
