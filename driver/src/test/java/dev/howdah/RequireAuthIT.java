package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.howdah.error.ConfigException;
import dev.howdah.error.ConnectFailedException;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.Role;
import dev.howdah.testkit.Roles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each value of require_auth against each way that a server may ask. */
@Timeout(180)
class RequireAuthIT {

    /** What each role's line in pg_hba.conf has the server ask for, by its name in require_auth. */
    private static final Map<Role, String> ASKED = Map.of(
            Roles.TRUST, "none",
            Roles.CERT, "none",
            Roles.PASSWORD, "password",
            Roles.MD5, "md5",
            Roles.SCRAM, "scram-sha-256");

    /** A value, and what it lets pass of the four that are asked for. */
    private static final String TABLE = """
            password                                          -> password
            md5                                               -> md5
            scram-sha-256                                     -> scram-sha-256
            none                                              -> none
            gss                                               ->
            sspi                                              ->
            oauth                                             ->
            !password                                         -> md5 scram-sha-256 none
            !md5                                              -> password scram-sha-256 none
            !scram-sha-256                                    -> password md5 none
            !none                                             -> password md5 scram-sha-256
            !gss                                              -> password md5 scram-sha-256 none
            !sspi                                             -> password md5 scram-sha-256 none
            !oauth                                            -> password md5 scram-sha-256 none
            md5,scram-sha-256                                 -> md5 scram-sha-256
            scram-sha-256,none                                -> scram-sha-256 none
            gss,sspi,oauth                                    ->
            !password,!md5                                    -> scram-sha-256 none
            !password,!md5,!none                              -> scram-sha-256
            !none,!scram-sha-256                              -> password md5
            password,md5,gss,sspi,scram-sha-256,oauth,none    -> password md5 scram-sha-256 none
            !password,!md5,!gss,!sspi,!scram-sha-256,!oauth,!none ->
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @PostgresVersions
    void onlyWhatTheValueAllowsIsAnswered(PostgresServer server) throws IOException {
        Path key = folder.resolve("client.key");
        Files.copy(server.certificates().clientKey(), key, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        String certificate = " sslmode=require sslkey=" + key + " sslcert="
                + server.certificates().clientCertificate();
        for (String line : TABLE.lines().toList()) {
            String[] columns = line.split("->", 2);
            List<String> passing = List.of(columns[1].strip().split(" "));
            ASKED.forEach((role, asked) -> {
                String dsn = server.dsn("postgres", role)
                        + (role.equals(Roles.CERT) ? certificate : " sslmode=disable")
                        + " require_auth=" + columns[0].strip();
                if (passing.contains(asked)) {
                    try (PgConnection db = Howdah.connect(dsn)) {
                        assertThat(db.isOpen()).isTrue();
                    }
                } else {
                    assertThatExceptionOfType(ConnectFailedException.class)
                            .as(role + " " + line)
                            .isThrownBy(() -> Howdah.connect(dsn).close())
                            .withMessageContaining("require_auth")
                            .withMessageContaining(
                                    asked.equals("none") ? "did not ask us" : "asks for " + asked + ", which is not");
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password,!md5",
                "!password,md5",
                "md5,md5",
                "!none,!none",
                "md5,",
                ",",
                "!",
                "!!md5",
                "MD5",
                "nonsense",
                "!nonsense",
                "md5;password"
            })
    void contradictionsAndUnknownMethodsAreRefusedAtOnce(String value) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConnectOptions.parse("host=h require_auth=" + value))
                .satisfies(e -> assertThat(e.keyword()).isEqualTo("require_auth"));
    }
}
