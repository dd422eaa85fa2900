package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConfigException;
import dev.howdah.error.ConnectFailedException;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.Certificates;
import dev.howdah.testkit.Certificates.Client;
import dev.howdah.testkit.Certificates.Kind;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Role;
import dev.howdah.testkit.Roles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS against real servers: the newest, and the oldest where they differ. */
class TlsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Certificates CERTIFICATES = Certificates.shared();
    private static PostgresServer newest;
    private static PostgresServer oldest;
    private static PostgresServer changing;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        newest = PostgresServer.start(18);
        oldest = PostgresServer.start(14);
        changing = PostgresServer.start(18);
    }

    @AfterAll
    static void stop() {
        newest.close();
        oldest.close();
        changing.close();
    }

    private static PgConnection connect(PostgresServer server, Role role, String more) {
        return Howdah.connect(server.dsn("postgres", role) + " " + more);
    }

    private static PgConnection connect(String more) {
        return connect(newest, Roles.SCRAM, more);
    }

    private static String ca() {
        return " sslrootcert=" + CERTIFICATES.ca() + " ";
    }

    private static void refused(PostgresServer server, Role role, String more, String... why) {
        assertThatThrownBy(() -> connect(server, role, more).close())
                .isInstanceOf(ConnectFailedException.class)
                .hasMessageContainingAll(why);
    }

    private static String attribute(String more, String name) {
        try (PgConnection db = connect(more)) {
            return db.info().sslAttribute(name);
        }
    }

    private static void works(PgConnection connection) {
        try (PgConnection db = connection) {
            assertThat(db.info().sslInUse()).isTrue();
            assertThat(db.query("select 42").one().getInt(0)).isEqualTo(42);
        }
    }

    private static String client(Path certificate, Path key) {
        return " sslmode=require sslcert=" + certificate + " sslkey=" + key + " ";
    }

    private Path copy(Path file, String name, String permissions) throws IOException {
        Path copy = folder.resolve(name);
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString(permissions));
        return copy;
    }

    @ParameterizedTest
    @EnumSource(names = {"VALID", "INTERMEDIATE", "SHA384", "SHA512", "EC", "ED25519", "COMMON_NAME_ONLY"})
    void verifyFullAcceptsEveryKindOfGoodCertificate(Kind kind) {
        changing.changeTls(kind);
        String text = changing.dsn("postgres", Roles.SCRAM).replace("host=127.0.0.1", "host=localhost");
        works(Howdah.connect(text + " sslmode=verify-full" + ca()));
    }

    @ParameterizedTest
    @CsvSource({
        "EXPIRED,verify-ca,not valid at this time",
        "OTHER_CA,verify-ca,does not come from an authority",
        "SELF_SIGNED,verify-full,does not come from an authority",
        "OTHER_CA,require,does not come from an authority",
        "WRONG_HOST,verify-full,not for the host 127.0.0.1",
        "COMMON_NAME_ONLY,verify-full,not for the host 127.0.0.1",
    })
    void aBadCertificateIsRefusedAndTheReasonTold(Kind kind, String mode, String why) {
        changing.changeTls(kind);
        refused(changing, Roles.TRUST, "sslmode=" + mode + ca(), why);
    }

    @Test
    void verifyCaDoesNotLookAtTheName() {
        changing.changeTls(Kind.WRONG_HOST);
        works(connect(changing, Roles.SCRAM, "sslmode=verify-ca" + ca()));
    }

    @Test
    void aServerIsTrustedByItsOwnCertificate() {
        changing.changeTls(Kind.SELF_SIGNED);
        works(connect(changing, Roles.SCRAM, "sslmode=verify-full sslrootcert=" + CERTIFICATES.selfSigned()));
    }

    @Test
    void preferDoesNotVerify() {
        works(connect("sslmode=prefer sslrootcert=" + CERTIFICATES.otherCa()));
    }

    @Test
    void theHostNamedIsVerifiedNotTheAddressUsed() {
        String text = newest.dsn("postgres", Roles.TRUST).replace("host=127.0.0.1", "hostaddr=127.0.0.1 host=%s");
        works(Howdah.connect(text.formatted("localhost") + " sslmode=verify-full" + ca()));
        assertThatThrownBy(() -> Howdah.connect(text.formatted("db.example") + " sslmode=verify-full" + ca()))
                .hasMessageContaining("not for the host db.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify-ca", "verify-full"})
    void verifyingWithoutAuthoritiesIsRefused(String mode) {
        refused(newest, Roles.TRUST, "sslmode=" + mode + " sslrootcert=/nowhere/root.crt", "/nowhere/root.crt");
        if (!Files.exists(Path.of(System.getProperty("user.home"), ".postgresql", "root.crt"))) {
            refused(newest, Roles.TRUST, "sslmode=" + mode, "sslrootcert", "sslmode=" + mode);
        }
    }

    @Test
    void theSystemsAuthoritiesDoNotKnowATestServer() {
        refused(newest, Roles.TRUST, "sslrootcert=system", "sslrootcert=system");
        assertThatThrownBy(() -> connect("sslmode=require sslrootcert=system"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("sslmode");
    }

    @Test
    void aRevokedCertificateIsRefused() throws IOException {
        changing.changeTls(Kind.REVOKED);
        works(connect(changing, Roles.TRUST, "sslmode=verify-full" + ca()));
        refused(changing, Roles.TRUST, "sslmode=verify-full" + ca() + "sslcrl=" + CERTIFICATES.crl(), "is revoked");
        Files.copy(CERTIFICATES.crl(), folder.resolve("a.crl"));
        Files.writeString(folder.resolve("README"), "no list");
        refused(changing, Roles.TRUST, "sslmode=verify-ca" + ca() + "sslcrldir=" + folder, "is revoked");
    }

    @Test
    void aCertificateThatIsNotRevokedIsAccepted() {
        works(connect("sslmode=verify-full" + ca() + "sslcrl=" + CERTIFICATES.crl()));
    }

    @Test
    void withoutAListOfItsAuthorityACertificateIsRefused() {
        refused(
                newest,
                Roles.TRUST,
                "sslmode=verify-full" + ca() + "sslcrldir=" + folder,
                "whether the server's certificate is revoked cannot be told");
        refused(newest, Roles.TRUST, "sslmode=verify-full" + ca() + "sslcrl=/nowhere.crl", "sslcrl", "/nowhere.crl");
    }

    @Test
    void theClientsCertificateProvesWhoItIsInEveryForm() throws IOException {
        Path certificate = CERTIFICATES.clientCertificate();
        String opened = " sslpassword='" + CERTIFICATES.clientKeyPassword() + "'";
        for (PostgresServer server : new PostgresServer[] {newest, oldest}) {
            works(connect(server, Roles.CERT, client(certificate, CERTIFICATES.clientKey())));
        }
        works(connect(newest, Roles.CERT, client(certificate, CERTIFICATES.clientKeyPkcs1())));
        works(connect(newest, Roles.CERT, client(certificate, CERTIFICATES.clientKeyDer())));
        works(connect(newest, Roles.CERT, client(certificate, CERTIFICATES.clientKeyEncrypted()) + opened));
        Path store = copy(CERTIFICATES.clientPkcs12(), "client.p12", "rw-------");
        works(connect(newest, Roles.CERT, "sslmode=require sslcert=" + store + opened));
        works(connect(newest, Roles.CERT, client(certificate, store) + opened));
    }

    @Test
    void aClientsKeyIsOpenedByItsPasswordOnly() throws IOException {
        String given = client(CERTIFICATES.clientCertificate(), CERTIFICATES.clientKeyEncrypted());
        refused(newest, Roles.CERT, given, "sslpassword", CERTIFICATES.clientKeyEncrypted() + " is encrypted");
        assertThatThrownBy(() -> connect(newest, Roles.CERT, given + "sslpassword=xyzzy"))
                .hasMessageContaining("sslpassword: it does not open the key file")
                .hasMessageNotContaining("xyzzy");
        Path store = copy(CERTIFICATES.clientPkcs12(), "client.p12", "rw-------");
        refused(newest, Roles.CERT, "sslmode=require sslcert=" + store + " sslpassword=xyzzy", "sslpassword");
    }

    @Test
    void aKeyThatOthersMayReadIsRefused() throws IOException {
        for (String permissions : new String[] {"rw----r--", "rw--w----", "rwxrwxrwx"}) {
            Path key = copy(CERTIFICATES.clientKey(), "client.key", permissions);
            refused(newest, Roles.CERT, client(CERTIFICATES.clientCertificate(), key), "sslkey", "read by others");
        }
    }

    @Test
    void aKeyThatDoesNotBelongToTheCertificateIsRefused() {
        String given = client(CERTIFICATES.clientCertificate(), CERTIFICATES.serverKey(Kind.VALID));
        refused(newest, Roles.CERT, given, "sslkey", "does not belong");
        refused(
                newest,
                Roles.CERT,
                client(CERTIFICATES.clientCertificate(), CERTIFICATES.serverKey(Kind.EC)),
                "sslkey",
                "has no RSA key");
    }

    @Test
    void missingClientFilesAreNamed() {
        refused(newest, Roles.TRUST, client(Path.of("/no/c.crt"), CERTIFICATES.clientKey()), "sslcert", "/no/c.crt");
        refused(
                newest,
                Roles.TRUST,
                client(CERTIFICATES.clientCertificate(), Path.of("/no/c.key")),
                "sslkey",
                "/no/c.key");
    }

    @Test
    void theServersRefusalOfAClientsCertificateIsTold() {
        String wrongName =
                client(CERTIFICATES.clientCertificate(Client.WRONG_NAME), CERTIFICATES.clientKey(Client.WRONG_NAME));
        refused(newest, Roles.CERT, wrongName, "28000");
        String otherCa =
                client(CERTIFICATES.clientCertificate(Client.OTHER_CA), CERTIFICATES.clientKey(Client.OTHER_CA));
        refused(newest, Roles.TRUST, otherCa, "unknown_ca");
    }

    @Test
    void sslcertmodeDisableShowsNoCertificate() {
        String given = client(CERTIFICATES.clientCertificate(), CERTIFICATES.clientKey());
        refused(newest, Roles.CERT, given + "sslcertmode=disable", "28000");
        works(connect(newest, Roles.TRUST, given + "sslcertmode=disable"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void sslcertmodeRequireRefusesAServerThatDoesNotAsk(String version) {
        String given = client(CERTIFICATES.clientCertificate(), CERTIFICATES.clientKey())
                + "sslcertmode=require ssl_min_protocol_version=" + version + " ssl_max_protocol_version=" + version;
        works(connect(newest, Roles.TRUST, given));
        try (PostgresServer server = PostgresServer.start(18)) {
            server.configure("ssl_ca_file", "");
            refused(server, Roles.TRUST, given, "sslcertmode", "did not ask");
        }
    }

    @Test
    void sslcertmodeRequireNeedsACertificateAndTls() {
        refused(newest, Roles.TRUST, "sslmode=require sslcertmode=require", "sslcertmode", "sslcert names none");
        String given = client(CERTIFICATES.clientCertificate(), CERTIFICATES.clientKey()) + "sslcertmode=require ";
        refused(newest, Roles.TRUST, given + "sslmode=disable", "sslcertmode", "needs TLS");
        works(connect(newest, Roles.TRUST, given + "sslmode=allow"));
        assertThatThrownBy(() -> Howdah.connect(newest.socketDsn("postgres", Roles.TRUST) + given))
                .hasMessageContaining("sslcertmode");
    }

    @Test
    void versionsAreKeptWithinTheirLimits() {
        assertThat(attribute("sslmode=require", "protocol")).isEqualTo("TLSv1.3");
        assertThat(attribute("sslmode=require ssl_max_protocol_version=TLSv1.2", "protocol"))
                .isEqualTo("TLSv1.2");
        changing.changeTls(Kind.VALID);
        changing.configure("ssl_max_protocol_version", "TLSv1.2");
        try {
            refused(changing, Roles.TRUST, "sslmode=require ssl_min_protocol_version=TLSv1.3", "protocol_version");
        } finally {
            changing.configure("ssl_max_protocol_version", "");
        }
        refused(
                newest,
                Roles.TRUST,
                "sslmode=require ssl_min_protocol_version=TLSv1 ssl_max_protocol_version=TLSv1.1",
                "ssl_max_protocol_version",
                "TLSv1 or TLSv1.1");
    }

    @Test
    void alpnIsOfferedAndItsAbsenceAccepted() {
        assertThat(attribute("sslmode=require", "alpn")).isEqualTo("postgresql");
        try (PgConnection db = connect(oldest, Roles.TRUST, "sslmode=require")) {
            assertThat(db.info().sslAttribute("alpn")).isEmpty();
            assertThat(db.info().sslAttribute("key_bits")).isEqualTo("256");
            assertThat(db.info().sslAttributeNames()).allMatch(n -> db.info().sslAttribute(n) != null);
        }
    }

    @Test
    void directTlsSavesTheQuestion() {
        String direct = "sslmode=verify-full sslnegotiation=direct" + ca();
        works(connect(direct));
        assertThat(attribute(direct, "alpn")).isEqualTo("postgresql");
        refused(oldest, Roles.TRUST, direct, "needs PostgreSQL 17");
    }

    @Test
    void aServerWithoutTlsIsUsedOnlyWhereThatIsAllowed() {
        try (PostgresServer server = PostgresServer.builder().withoutTls().start()) {
            for (String mode : new String[] {"require", "verify-ca", "verify-full"}) {
                refused(server, Roles.TRUST, "sslmode=" + mode + ca(), "sslmode", "has none");
            }
            connect(server, Roles.TRUST, "sslmode=prefer").close();
        }
    }

    @Test
    void bytesBeforeTlsAreRefused() throws Exception {
        String why = answering("S\0\0\0\1", "sslmode=prefer");
        assertThat(why).contains("before TLS began").doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource({"E,not shown", "HTTP/1.1 400 Bad Request,HTTP", "?,is it PostgreSQL"})
    void aStrangeAnswerIsExplained(String answer, String why) throws Exception {
        assertThat(answering(answer, "sslmode=require")).contains(why);
    }

    /** Has a server answer the request for TLS with something; returns why the connect failed. */
    private static String answering(String answer, String more) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> {
                try (Socket client = server.accept()) {
                    client.getInputStream().readNBytes(8);
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                    client.getInputStream().readAllBytes();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            String text = "host=127.0.0.1 user=u port=" + server.getLocalPort() + " " + more;
            try {
                Howdah.connect(text).close();
                return "connected";
            } catch (ConnectFailedException e) {
                served.exceptionally(failure -> null).join();
                return e.getMessage();
            }
        }
    }

    @Test
    void aServerBehindASocketMustBelongToWhomItIsSaidTo() throws IOException {
        String owner = Files.getOwner(newest.dataDirectory()).getName();
        String text = newest.socketDsn("postgres", Roles.TRUST) + " requirepeer=";
        Howdah.connect(text + owner).close();
        assertThatThrownBy(() -> Howdah.connect(text + "somebody"))
                .isInstanceOf(ConnectFailedException.class)
                .hasMessageContaining("requirepeer")
                .hasMessageContaining(owner + ", not to somebody");
    }

    @Test
    void aKeyLogIsRefused() {
        assertThatThrownBy(() -> Howdah.connect(ConnectOptions.builder()
                        .sslKeyLogFile(folder.resolve("keys"))
                        .build()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("sslkeylogfile");
    }

    @Test
    void aChangedFileIsReadAgain() throws IOException {
        Path root = copy(CERTIFICATES.ca(), "root.crt", "rw-------");
        ConnectOptions options =
                ConnectOptions.parse(newest.dsn("postgres", Roles.TRUST) + " sslmode=verify-full sslrootcert=" + root);
        works(Howdah.connect(options));
        Files.copy(CERTIFICATES.otherCa(), root, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(root, FileTime.from(Instant.now().plusSeconds(5)));
        assertThatThrownBy(() -> Howdah.connect(options)).hasMessageContaining("does not come from an authority");
    }

    @Test
    void bytesMayComeOneByOne() {
        try (FaultyWire wire = FaultyWire.to(newest)) {
            wire.toClient().chunk(1);
            wire.toServer().chunk(1);
            works(Howdah.connect(wire.dsn("postgres", Roles.TRUST) + " sslmode=verify-full" + ca()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bigDataGoesBothWays(String version) {
        String text = "0123456789abcdef".repeat(512 * 1024);
        try (FaultyWire wire = FaultyWire.to(newest)) {
            wire.toClient().chunk(30_011);
            String options = " sslmode=require ssl_max_protocol_version=" + version;
            try (PgConnection db = Howdah.connect(wire.dsn("postgres", Roles.TRUST) + options)) {
                assertThat(db.query("select $1::text", text).one().getString(0)).isEqualTo(text);
                assertThat(db.query("select repeat('x', i) from generate_series(1, 3000) as i"))
                        .hasSize(3000)
                        .allMatch(row -> !row.getString(0).isEmpty());
            }
        }
    }

    @Test
    void theServerIsToldThatItsCertificateIsRefused() {
        int before = newest.logText().length();
        refused(newest, Roles.TRUST, "sslmode=verify-ca sslrootcert=" + CERTIFICATES.otherCa(), "authority");
        Await.until(
                "the server has read the alert",
                PATIENCE,
                () -> newest.logText().substring(before).contains("alert"));
    }

    @Test
    void aCancelRequestGoesTheSameWay() {
        String direct = "sslmode=verify-full sslnegotiation=direct query_timeout=1" + ca();
        try (PgConnection db = connect(newest, Roles.TRUST, direct)) {
            assertThatThrownBy(() -> db.query("select pg_sleep(30)"))
                    .isInstanceOf(dev.howdah.error.QueryTimeoutException.class);
            assertThat(db.query("select 1").one().getInt(0)).isEqualTo(1);
        }
    }
}
