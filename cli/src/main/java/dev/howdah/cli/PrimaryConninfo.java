package dev.howdah.cli;

import dev.howdah.ConnectOptions;
import dev.howdah.password.Secret;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a standby is told to connect with: what this program connects with, as a text for the libpq of the server, which knows less
 * than Howdah does and runs with another environment and in another folder. It holds the password.
 *
 * @see <a href="https://www.postgresql.org/docs/current/runtime-config-replication.html#GUC-PRIMARY-CONNINFO">primary_conninfo</a>
 */
final class PrimaryConninfo {

    /** Known to the libpq of every server, and written as they are here. */
    private static final List<String> ALWAYS = List.of(
            "host",
            "hostaddr",
            "port",
            "user",
            "application_name",
            "options",
            "connect_timeout",
            "channel_binding",
            "requirepeer",
            "krbsrvname",
            "sslmode",
            "ssl_min_protocol_version",
            "ssl_max_protocol_version",
            "target_session_attrs");

    /** Names of files, which are relative to another folder there. */
    private static final List<String> FILES = List.of("sslcert", "sslkey", "sslrootcert", "sslcrl", "sslcrldir");

    /**
     * Written where they say something else than without them: not every libpq knows them all, and none takes a 0 for the times as
     * the system's own.
     */
    private static final Map<String, String> UNLESS = Map.ofEntries(
            Map.entry("keepalives", "1"),
            Map.entry("keepalives_idle", "0"),
            Map.entry("keepalives_interval", "0"),
            Map.entry("keepalives_count", "0"),
            Map.entry("tcp_user_timeout", "0"),
            Map.entry("sslsni", "1"),
            Map.entry("require_auth", ""),
            Map.entry("sslcertmode", "allow"),
            Map.entry("sslnegotiation", "postgres"),
            Map.entry("load_balance_hosts", "disable"),
            Map.entry("gssdelegation", "0"));

    private PrimaryConninfo() {}

    static String of(ConnectOptions options) {
        Map<String, String> in = options.keywords();
        Map<String, String> all = new LinkedHashMap<>();
        for (String name : ALWAYS) {
            put(all, name, in.get(name));
        }
        // Only what keeps failover slots in step connects to a database, from 17 on; the rest does not care.
        put(all, "dbname", options.dbname());
        putSecret(all, "password", options.password(options.hosts().getFirst()));
        for (String name : FILES) {
            String file = in.get(name);
            put(all, name, file == null || file.isEmpty() || file.equals("system") ? file : absolute(file));
        }
        putSecret(all, "sslpassword", options.sslPassword());
        UNLESS.forEach((name, otherwise) -> {
            if (!in.getOrDefault(name, otherwise).equals(otherwise)) {
                put(all, name, in.get(name));
            }
        });
        StringBuilder text = new StringBuilder();
        all.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : " ").append(name).append('=').append(quoted(value)));
        return text.toString();
    }

    private static String absolute(String file) {
        return Path.of(file).toAbsolutePath().normalize().toString();
    }

    private static void put(Map<String, String> all, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            all.put(name, value);
        }
    }

    private static void putSecret(Map<String, String> all, String name, @Nullable Secret secret) {
        put(all, name, secret == null ? null : secret.reveal());
    }

    private static String quoted(String value) {
        return value.matches("[A-Za-z0-9_./:,+-]+")
                ? value
                : "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
