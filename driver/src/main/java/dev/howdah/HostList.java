package dev.howdah;

import dev.howdah.ConnectOptions.Host;
import dev.howdah.error.ConfigException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts the lists of {@code host}, {@code hostaddr} and {@code port} together. */
final class HostList {
    private static final int DEFAULT_PORT = 5432;
    private static final int MAX_PORT = 65535;
    private static final Pattern DIGITS = Pattern.compile("[+-]?\\d{1,9}");
    private static final Pattern IPV4 =
            Pattern.compile("(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)){3}");
    private static final Pattern IPV6_LIKE = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private HostList() {}

    /** The hosts that the options name; the default host for an empty name. */
    static List<Host> of(GivenOptions given, PgEnvironment environment) {
        List<String> names = split(given.get(Keyword.HOST));
        List<String> addresses = split(given.get(Keyword.HOSTADDR));
        List<String> ports = split(given.get(Keyword.PORT));
        int count = Math.max(1, addresses.isEmpty() ? names.size() : addresses.size());
        if (!addresses.isEmpty() && !names.isEmpty() && names.size() != addresses.size()) {
            throw new ConfigException(
                    "hostaddr", addresses.size() + " addresses do not match " + names.size() + " values of host");
        }
        if (ports.size() > 1 && ports.size() != count) {
            throw new ConfigException("port", ports.size() + " ports do not match " + count + " hosts");
        }
        List<Host> hosts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = names.isEmpty() ? "" : names.get(i);
            String address = addresses.isEmpty() ? "" : addresses.get(i);
            int port = ports.isEmpty() ? DEFAULT_PORT : port(ports.get(ports.size() == 1 ? 0 : i));
            hosts.add(host(name, address, port, environment));
        }
        return List.copyOf(hosts);
    }

    private static List<String> split(@Nullable String list) {
        return list == null || list.isEmpty() ? List.of() : List.of(list.split(",", -1));
    }

    private static Host host(String name, String address, int port, PgEnvironment environment) {
        if (name.indexOf('@') >= 0) {
            // The name is not repeated: what follows the first @ of a URI may be the rest of a password.
            throw new ConfigException(
                    "host", "a host name cannot hold \"@\" (in a URI, write %40 for an @ of user name or password)");
        }
        if (!address.isEmpty()) {
            checkAddress(address);
        }
        if (!name.isEmpty()) {
            return new Host(name, address.isEmpty() ? null : address, port);
        }
        return address.isEmpty()
                ? new Host(defaultName(port, environment), null, port)
                : new Host(address, address, port);
    }

    private static String defaultName(int port, PgEnvironment environment) {
        for (Path folder : environment.socketFolders()) {
            if (Files.exists(folder.resolve(".s.PGSQL." + port))) {
                return folder.toString();
            }
        }
        return "localhost";
    }

    /** A port that is no number is not repeated: in a URI it may be a part of a password. */
    private static int port(String text) {
        String digits = text.strip();
        if (text.isEmpty()) {
            return DEFAULT_PORT;
        }
        if (!DIGITS.matcher(digits).matches()) {
            throw new ConfigException(
                    "port",
                    "a port is not a number (in a URI, write special characters of a user"
                            + " name or password as percent codes)");
        }
        int port = Integer.parseInt(digits);
        if (port < 1 || port > MAX_PORT) {
            throw new ConfigException("port", port + " is not from 1 to " + MAX_PORT);
        }
        return port;
    }

    /** Refuses what is no numeric address, without asking a name server. */
    private static void checkAddress(String address) {
        int zone = address.indexOf('%');
        String plain = zone < 0 ? address : address.substring(0, zone);
        if (IPV4.matcher(address).matches()) {
            return;
        }
        if (IPV6_LIKE.matcher(plain).matches()) {
            try {
                if (InetAddress.getByName(plain) != null) {
                    return;
                }
            } catch (UnknownHostException e) {
                throw new ConfigException("hostaddr", "\"" + address + "\" is not an IP address", e);
            }
        }
        throw new ConfigException("hostaddr", "\"" + address + "\" is not an IP address");
    }
}
