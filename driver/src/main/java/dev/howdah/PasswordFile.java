package dev.howdah;

import dev.howdah.error.ConfigException;
import dev.howdah.password.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks a password up in {@code ~/.pgpass}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-pgpass.html">The password file</a>
 */
final class PasswordFile {
    private static final Set<PosixFilePermission> OTHERS =
            EnumSet.range(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_EXECUTE);

    private PasswordFile() {}

    /**
     * The password of the first line that fits; null if there is none or it is empty.
     *
     * @param hosts the names under which the host may stand in the file
     * @throws ConfigException if the file is there, may be used, and cannot be read
     */
    static @Nullable Secret find(
            String name, Set<String> hosts, int port, String dbname, String user, PgEnvironment environment) {
        Path file = path(name);
        if (!Files.exists(file) || !isUsable(file, environment)) {
            return null;
        }
        List<String> lines;
        try {
            lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (NoSuchFileException e) {
            environment.warn("The password file " + file + " has just gone away");
            return null;
        } catch (IOException e) {
            throw new ConfigException("passfile", "the password file " + file + " cannot be read", e);
        }
        for (String line : lines) {
            Line fields = new Line(line);
            if (!line.startsWith("#")
                    && fields.fits(hosts)
                    && fields.fits(Set.of(Integer.toString(port)))
                    && fields.fits(Set.of(dbname))
                    && fields.fits(Set.of(user))) {
                String password = fields.next();
                return password.isEmpty() ? null : Secret.of(password);
            }
        }
        return null;
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ConfigException("passfile", "this is not the name of a file", e);
        }
    }

    private static boolean isUsable(Path file, PgEnvironment environment) {
        if (!Files.isRegularFile(file)) {
            environment.warn("The password file " + file + " is not a plain file; it is ignored");
            return false;
        }
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (environment.windows() || view == null) {
            return true;
        }
        try {
            if (view.readAttributes().permissions().stream().noneMatch(OTHERS::contains)) {
                return true;
            }
            environment.warn("The password file " + file + " can be used by group or others; it is ignored."
                    + " Its permissions should be u=rw (0600) or less");
        } catch (IOException e) {
            environment.warn("The permissions of the password file " + file + " cannot be read (" + e.getMessage()
                    + "); it is ignored");
        }
        return false;
    }

    /** Reads the fields of one line, from left to right. */
    private static final class Line {
        private final String text;
        private int at;

        Line(String text) {
            this.text = text;
        }

        /** Whether the next field is there, ends with a colon, and is one of the values or an asterisk. */
        boolean fits(Set<String> values) {
            boolean any = text.startsWith("*:", at);
            String field = next();
            boolean complete = at < text.length() && text.charAt(at) == ':';
            at++;
            return complete && (any || values.contains(field));
        }

        /** The field up to a colon or the end, without its backslashes. */
        String next() {
            StringBuilder field = new StringBuilder();
            while (at < text.length() && text.charAt(at) != ':') {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                field.append(text.charAt(at++));
            }
            return field.toString();
        }
    }
}
