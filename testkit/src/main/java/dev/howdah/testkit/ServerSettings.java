package dev.howdah.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a server's postgresql.conf and pg_hba.conf say. Safe for several threads. */
final class ServerSettings {

    private final ServerFolder folder;
    private final Map<String, String> asked;
    private final Map<String, String> own = new LinkedHashMap<>();
    private List<String> hba;

    ServerSettings(ServerFolder folder, Map<String, String> asked, List<String> hba) {
        this.folder = folder;
        this.asked = new LinkedHashMap<>(asked);
        this.hba = hba;
        own.put("fsync", "off");
        own.put("wal_level", "logical");
        own.put("max_wal_senders", "20");
        own.put("max_replication_slots", "20");
        own.put("wal_keep_size", "128MB");
        own.put("max_prepared_transactions", "20");
        own.put("max_connections", "200");
        own.put("shared_buffers", "32MB");
        own.put("timezone", "UTC");
        own.put("log_timezone", "UTC");
        own.put("log_line_prefix", "%m [%p] %q%u@%d ");
    }

    /** What the tests asked for, without what the testkit sets by itself. */
    synchronized Map<String, String> config() {
        return Map.copyOf(asked);
    }

    synchronized List<String> hba() {
        return hba;
    }

    synchronized void set(String name, String value) {
        own.put(name, value);
        asked.computeIfPresent(name, (key, before) -> value);
    }

    /** Has the server show a certificate; null for no TLS. */
    void showCertificate(Certificates certificates, Certificates.@Nullable Kind kind) throws IOException {
        if (kind == null) {
            set("ssl", "off");
            return;
        }
        set("ssl", "on");
        set("ssl_ca_file", slashed(folder.keep(certificates.ca(), "ca.crt")));
        set("ssl_cert_file", slashed(folder.keep(certificates.serverCertificate(kind), "server.crt")));
        set("ssl_key_file", slashed(folder.keep(certificates.serverKey(kind), "server.key")));
    }

    /** Also right on Windows, where the server takes both separators. */
    static String slashed(Path path) {
        return path.toString().replace('\\', '/');
    }

    synchronized void setHba(List<String> lines) {
        hba = lines;
    }

    /** Writes both files anew, in place, so that they keep their owner; the server reads them when it starts or is told to. */
    void write(int port) throws IOException {
        Files.writeString(folder.data().resolve("postgresql.conf"), configText(port));
        Files.writeString(
                folder.data().resolve("pg_hba.conf"),
                "local all,replication " + PostgresServer.SUPERUSER + " trust\n" + String.join("\n", hba()) + "\n");
    }

    private synchronized String configText(int port) {
        Map<String, String> all = new LinkedHashMap<>(own);
        all.put("listen_addresses", "127.0.0.1,::1");
        all.put("port", Integer.toString(port));
        all.put("unix_socket_directories", slashed(folder.socket()));
        all.putAll(asked);
        StringBuilder text = new StringBuilder();
        all.forEach((name, value) -> text.append(name)
                .append(" = '")
                .append(value.replace("\\", "\\\\").replace("'", "''"))
                .append("'\n"));
        return text.toString();
    }
}
