package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Names of files inside a backup, as archives and manifests write them: relative, with slashes between. */
final class EntryName {

    /** Longer ones PostgreSQL itself cannot open. */
    private static final int LONGEST = 1023;

    private static final int DELETE = 0x7f;
    private static final boolean WINDOWS = File.separatorChar == '\\';

    private EntryName() {}

    /** Returns what is wrong with a name that could lead out of a folder or trick who reads it; null if nothing is. */
    static @Nullable String fault(String name) {
        if (name.isEmpty()) {
            return "it is empty";
        } else if (name.length() > LONGEST) {
            return "it is longer than " + LONGEST + " characters";
        } else if (name.charAt(0) == '/') {
            return "it is absolute";
        }
        int from = 0;
        for (int i = 0; i <= name.length(); i++) {
            char each = i == name.length() ? '/' : name.charAt(i);
            if (each < ' ' || each == DELETE) {
                return "it has a control character";
            } else if (WINDOWS && (each == '\\' || each == ':')) {
                return "it has a backslash or a colon";
            } else if (each == '/') {
                if (isNoName(name, from, i)) {
                    return "it has the part '" + name.substring(from, i) + "'";
                }
                from = i + 1;
            }
        }
        return null;
    }

    private static boolean isNoName(String name, int from, int to) {
        return switch (to - from) {
            case 0 -> true;
            case 1 -> name.charAt(from) == '.';
            case 2 -> name.startsWith("..", from);
            default -> false;
        };
    }

    /**
     * Returns where in a folder a name that has no fault stands for.
     *
     * @throws BackupException if this file system has no such names
     */
    static Path resolve(Path folder, String name) {
        try {
            return folder.resolve(name);
        } catch (InvalidPathException e) {
            throw new BackupException(
                    Reason.FILE_FAILED,
                    "the backup has a file " + shown(name) + ", which cannot be named in " + folder
                            + ": run with a locale of UTF-8",
                    e);
        }
    }

    /** Returns a path in a folder as a manifest writes it. */
    static String relative(Path folder, Path file) {
        String name = folder.relativize(file).toString();
        return File.separatorChar == '/' ? name : name.replace(File.separatorChar, '/');
    }

    /** Returns a name as it can be printed, whoever made it up. */
    static String shown(String name) {
        StringBuilder shown = new StringBuilder("'");
        name.codePoints()
                .limit(LONGEST)
                .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) || c == '\'' ? '?' : c));
        return shown.append('\'').toString();
    }
}
