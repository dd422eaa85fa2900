package dev.howdah;

import dev.howdah.error.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the section of a service from {@code pg_service.conf}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-pgservice.html">The connection service file</a>
 */
final class ServiceFile {
    private final Path file;
    private final GivenOptions found = new GivenOptions();

    private ServiceFile(Path file) {
        this.file = file;
    }

    /**
     * The options of a service.
     *
     * @param given the service file as somebody names it; null to look in the known places
     * @throws ConfigException if no file has the service, or the section cannot be used
     */
    static GivenOptions read(String service, @Nullable String given, PgEnvironment environment) {
        Path first = given == null ? environment.userServiceFile() : path(given);
        if (given != null && !Files.isRegularFile(first)) {
            throw new ConfigException("service", "the service file " + first + " does not exist");
        }
        ServiceFile user = new ServiceFile(first);
        if (Files.isRegularFile(first) && user.readSection(service)) {
            return user.found;
        }
        for (Path candidate : environment.systemServiceFiles()) {
            ServiceFile system = new ServiceFile(candidate);
            if (Files.isRegularFile(candidate) && system.readSection(service)) {
                return system.found;
            }
        }
        throw new ConfigException("service", "no service file has a section for the service \"" + service + "\"");
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ConfigException("servicefile", "this is not the name of a file", e);
        }
    }

    private boolean readSection(String service) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ConfigException("service", "the service file " + file + " cannot be read", e);
        }
        boolean inside = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.startsWith("[")) {
                if (inside) {
                    return true;
                }
                inside = line.startsWith("[" + service + "]");
            } else if (inside && !line.isEmpty() && !line.startsWith("#")) {
                readPair(line, i + 1);
            }
        }
        return inside;
    }

    private void readPair(String line, int number) {
        if (line.startsWith("ldap://")) {
            throw new ConfigException("service", "LDAP is not supported" + where(number));
        }
        int equal = line.indexOf('=');
        if (equal < 0) {
            throw new ConfigException("service", "there is no \"=\"" + where(number));
        }
        String text = line.substring(0, equal);
        Keyword keyword = Keyword.find(text);
        if (keyword == Keyword.SERVICE || keyword == Keyword.SERVICEFILE) {
            throw new ConfigException("service", "a service cannot name another one" + where(number));
        }
        if (keyword != null && found.get(keyword) != null) {
            // As in libpq, the first one wins in this file.
            return;
        }
        try {
            found.put(text, line.substring(equal + 1));
        } catch (ConfigException e) {
            throw new ConfigException("service", e.getMessage() + where(number), e);
        }
    }

    private String where(int number) {
        return " (line " + number + " of " + file + ")";
    }
}
