package dev.howdah.testkit;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The two texts that say where to connect to, as
 * <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING">libpq</a> reads them.
 */
final class ConnectionText {

    private ConnectionText() {}

    static String dsn(String host, int port, String database, Role role) {
        String text = "host=" + quoted(host) + " port=" + port + " dbname=" + quoted(database) + " user="
                + quoted(role.name());
        return role.password() == null ? text : text + " password=" + quoted(role.password());
    }

    static String uri(String host, int port, String database, Role role) {
        String password = role.password() == null ? "" : ":" + encoded(role.password());
        String at = host.startsWith("/") ? encoded(host) : host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return "postgresql://" + encoded(role.name()) + password + "@" + at + ":" + port + "/" + encoded(database);
    }

    private static String quoted(String value) {
        if (value.matches("[A-Za-z0-9_./:-]+")) {
            return value;
        }
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
