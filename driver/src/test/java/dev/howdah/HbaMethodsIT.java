package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.howdah.error.ConnectFailedException;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.PostgresVersions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Each method of pg_hba.conf, on each version, over each transport. Not here: gss and sspi, which these servers are not
 * built with (GssExchangeTest plays the server); ldap, pam and bsd, neither, which ask the client just what password and
 * radius do; oauth, which needs a validator on the server (OAuthExchangeTest plays it).
 *
 * @see <a href="https://www.postgresql.org/docs/current/auth-methods.html">Authentication methods</a>
 */
@Timeout(300)
class HbaMethodsIT {

    private static final String RADIUS_SECRET = "shared-secret";

    /** Longer than one block of RADIUS, and not ASCII. */
    private static final String RADIUS_PASSWORD = "a radius of mor\u00e9 than 16 bytes";

    /**
     * Role, transport, and the method that Howdah sees or the SQLSTATE that the server refuses with; {@code tls+} has a
     * client certificate.
     */
    private static final String TABLE = """
            m_trust     plain   trust
            m_trust     tls     trust
            m_trust     socket  trust
            m_reject    plain   28000
            m_reject    tls     28000
            m_reject    socket  28000
            m_password  plain   password
            m_password  tls     password
            m_password  socket  password
            m_md5       plain   md5
            m_md5       tls     md5
            m_md5       socket  md5
            m_md5scram  plain   SCRAM-SHA-256
            m_md5scram  tls     SCRAM-SHA-256-PLUS
            m_scram     plain   SCRAM-SHA-256
            m_scram     tls     SCRAM-SHA-256-PLUS
            m_scram     socket  SCRAM-SHA-256
            m_scrammd5  plain   28P01
            m_hostssl   plain   28000
            m_hostssl   tls     password
            m_hostssl   socket  28000
            m_hostnossl plain   password
            m_hostnossl tls     28000
            m_cert      plain   28000
            m_cert      tls     28000
            m_cert      tls+    trust
            m_both      tls     28000
            m_both      tls+    SCRAM-SHA-256-PLUS
            m_peer      socket  trust
            m_peer      plain   28000
            m_otherpeer socket  28000
            m_ident     plain   28000
            m_radius    plain   password
            m_radius    tls     password
            m_radius    socket  password
            m_nowhere   plain   28000
            """;

    private static final Map<String, String> PASSWORDS = Map.of(
            "m_password",
            "clear",
            "m_md5",
            "hashed",
            "m_md5scram",
            "salted",
            "m_scram",
            "salted too",
            "m_scrammd5",
            "only hashed",
            "m_hostssl",
            "private",
            "m_hostnossl",
            "open",
            "m_both",
            "two things",
            "m_radius",
            RADIUS_PASSWORD);

    @TempDir
    Path folder;

    private Path key;

    @ParameterizedTest
    @PostgresVersions
    void eachMethodOfPgHbaLetsInOrRefuses(int version) throws IOException {
        try (RadiusServer radius = new RadiusServer(RADIUS_SECRET, "m_radius", RADIUS_PASSWORD);
                PostgresServer server = start(version, radius.port())) {
            key = folder.resolve("client.key");
            Files.copy(server.certificates().clientKey(), key, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
            TABLE.lines().forEach(line -> {
                String[] columns = line.split(" +");
                String dsn = dsn(server, columns[0], columns[1], PASSWORDS.get(columns[0]));
                if (columns[2].matches("\\d.*")) {
                    assertRefused(line, dsn, columns[2]);
                } else {
                    assertAccepted(line, dsn, columns[0], columns[2]);
                    if (PASSWORDS.containsKey(columns[0])) {
                        // Of radius the server says no more than that it failed.
                        String code = columns[0].equals("m_radius") ? "28000" : "28P01";
                        assertRefused(line + " wrong password", dsn(server, columns[0], columns[1], "not this"), code);
                    }
                }
            });
        }
    }

    private static PostgresServer start(int version, int radiusPort) throws IOException {
        String radius = " radius radiusservers=127.0.0.1 radiusports=" + radiusPort + " radiussecrets=" + RADIUS_SECRET;
        PostgresServer server = PostgresServer.builder()
                .version(version)
                .hba(
                        "local all m_trust trust",
                        "host all m_trust all trust",
                        "local all m_reject reject",
                        "host all m_reject all reject",
                        "local all m_password password",
                        "host all m_password all password",
                        "local all m_md5 md5",
                        "host all m_md5,m_md5scram all md5",
                        "local all m_scram scram-sha-256",
                        "host all m_scram,m_scrammd5 all scram-sha-256",
                        "hostssl all m_hostssl all password",
                        "hostnossl all m_hostnossl all password",
                        "hostssl all m_cert all cert map=certificates",
                        "hostssl all m_both all scram-sha-256 clientcert=verify-ca",
                        "local all m_peer,m_otherpeer peer map=peers",
                        "host all m_ident all ident",
                        "local all m_radius" + radius,
                        "host all m_radius all" + radius)
                .start();
        for (String role :
                TABLE.lines().map(line -> line.split(" ")[0]).distinct().toList()) {
            boolean md5 = role.equals("m_md5") || role.equals("m_scrammd5");
            String password = PASSWORDS.get(role);
            server.execute("set password_encryption = '" + (md5 ? "md5" : "scram-sha-256") + "'; create role " + role
                    + " login" + (password == null ? "" : " password '" + password + "'"));
        }
        Files.writeString(
                server.dataDirectory().resolve("pg_ident.conf"),
                "certificates app_cert m_cert\npeers \"" + System.getProperty("user.name")
                        + "\" m_peer\npeers nobody_of_this_name m_otherpeer\n");
        server.reload();
        return server;
    }

    private String dsn(PostgresServer server, String role, String transport, @Nullable String password) {
        boolean socket = transport.equals("socket");
        boolean tls = transport.startsWith("tls");
        String certificate = transport.endsWith("+")
                ? " sslcert=" + server.certificates().clientCertificate() + " sslkey=" + key
                : " sslcertmode=disable";
        return "host=" + (socket ? server.socketDirectory() : server.host()) + " port=" + server.port()
                + " dbname=postgres user=" + role + " sslmode=" + (tls ? "require" : "disable") + certificate
                + (password == null ? "" : " password='" + password + "'");
    }

    private static void assertAccepted(String line, String dsn, String role, String method) {
        try (PgConnection db = Howdah.connect(dsn)) {
            assertThat(db.queryValue("select current_user::text", String.class))
                    .as(line)
                    .isEqualTo(role);
            assertThat(db.info().authenticationMethod()).as(line).isEqualTo(method);
            assertThat(db.info().usedPassword()).as(line).isEqualTo(!method.equals("trust"));
        }
    }

    private static void assertRefused(String line, String dsn, String sqlState) {
        assertThatExceptionOfType(ConnectFailedException.class)
                .as(line)
                .isThrownBy(() -> Howdah.connect(dsn).close())
                .satisfies(e -> assertThat(e.sqlState()).as(line).isNotNull())
                .satisfies(
                        e -> assertThat(String.valueOf(e.sqlState())).as(line).startsWith(sqlState));
    }
}
