package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.howdah.testkit.Certificates;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.SharedServers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever connects with psql connects with Howdah, to the same effect; where not, the table says why. The yardstick is
 * the psql that is installed, with its own libpq and with that of the test's server.
 */
@Timeout(300)
class PsqlYardstickIT {

    private static final List<YardstickRow> TABLE = YardstickRow.table();

    @TempDir
    private static Path folder;

    private static final Map<String, String> PLACES = new HashMap<>();
    private static final Map<YardstickRow, CompletableFuture<YardstickAnswer>> HOWDAH = new HashMap<>();
    private static final Map<YardstickRow, CompletableFuture<YardstickAnswer>> PSQL = new HashMap<>();
    private static final Map<YardstickRow, CompletableFuture<YardstickAnswer>> PSQL_WITH_LIBPQ = new HashMap<>();

    private static PostgresServer server;
    private static PostgresServer withoutTls;
    private static Socket dead;
    private static ServerSocket silent;
    private static ExecutorService workers;
    private static @Nullable Psql psql;
    private static @Nullable Psql psqlWithLibpq;

    @BeforeAll
    static void ask() throws IOException {
        server =
                PostgresServer.builder().version(SharedServers.defaultVersion()).start();
        withoutTls = PostgresServer.builder()
                .version(SharedServers.defaultVersion())
                .withoutTls()
                .start();
        // Bound and not listening: nobody else gets the port, and whoever connects is refused.
        dead = new Socket();
        dead.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        furnish();
        Path libraries = ProcessHandle.of(server.pid())
                .flatMap(process -> process.info().command())
                .map(program -> Path.of(program).resolveSibling("../lib").normalize())
                .filter(lib -> Files.exists(lib.resolve("libpq.so.5")))
                .orElse(null);
        psql = Psql.find(null, folder);
        psqlWithLibpq = libraries == null ? null : Psql.find(libraries, folder);
        workers = Executors.newFixedThreadPool(4);
        for (YardstickRow row : TABLE) {
            if (row.server() > server.version() || (row.ipv6() && !hasIpv6())) {
                continue;
            }
            YardstickRow here = row.at(PLACES);
            HOWDAH.put(row, CompletableFuture.supplyAsync(() -> askHowdah(here), workers));
            ask(psql, PSQL, row, here);
            ask(psqlWithLibpq, PSQL_WITH_LIBPQ, row, here);
        }
    }

    private static void ask(
            @Nullable Psql one,
            Map<YardstickRow, CompletableFuture<YardstickAnswer>> answers,
            YardstickRow row,
            YardstickRow here) {
        if (one != null && one.version() >= row.since()) {
            answers.put(row, CompletableFuture.supplyAsync(() -> one.answer(here), workers));
        }
    }

    private static boolean hasIpv6() {
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        try (Socket socket = new Socket(InetAddress.getByAddress(loopback), server.port())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static YardstickAnswer askHowdah(YardstickRow row) {
        TestEnvironment environment = new TestEnvironment();
        environment.osUser = System.getProperty("user.name");
        environment.home = Path.of(row.environment().getOrDefault("HOME", folder.toString()));
        environment.socketFolders.addAll(List.of(Path.of("/var/run/postgresql"), Path.of("/tmp")));
        row.environment().forEach(environment::with);
        return YardstickAnswer.ofHowdah(row, environment);
    }

    @AfterAll
    static void tidyUp() throws IOException {
        workers.shutdownNow();
        server.close();
        withoutTls.close();
        dead.close();
        silent.close();
    }

    /** Roles, databases and files that the table speaks of. */
    private static void furnish() throws IOException {
        server.createRole("o'dd role", "p@ss:w/rd?&=#%[]'\\ \u00fc+", "");
        server.createRole("gr\u00f6\u00dfe", "\u00e4\u00f6\u00fc \u20ac", "");
        server.createRole("app_settings", "with settings", "");
        server.execute("alter role app_settings set work_mem = '7MB'");
        server.execute("create database \"o'dd d=b\"");
        server.execute("create database \"gr\u00f6\u00dfe\"");
        server.execute("create database app_trust");
        server.execute("create database readonly");
        server.execute("alter database readonly set default_transaction_read_only = on");
        Certificates certificates = server.certificates();
        PLACES.put("host", server.host());
        PLACES.put("port", Integer.toString(server.port()));
        PLACES.put("notls", Integer.toString(withoutTls.port()));
        PLACES.put("dead", Integer.toString(dead.getLocalPort()));
        PLACES.put("silent", Integer.toString(silent.getLocalPort()));
        PLACES.put("sock", server.socketDirectory().toString());
        PLACES.put("sock%", server.socketDirectory().toString().replace("/", "%2F"));
        PLACES.put("files", folder.toString());
        PLACES.put("ca", certificates.ca().toString());
        PLACES.put("otherca", certificates.otherCa().toString());
        PLACES.put("crl", certificates.crl().toString());
        PLACES.put("at", "host=" + server.host() + " port=" + server.port());
        PLACES.put("trust", "host=" + server.host() + " port=" + server.port() + " user=app_trust dbname=postgres");
        PLACES.put("scrampw", "password='scr\\'am \\\\ pencil'");
        PLACES.put("scram", PLACES.get("trust").replace("trust", "scram") + " " + PLACES.get("scrampw"));
        PLACES.put("os", System.getProperty("user.name"));
        PLACES.put("long", "x".repeat(70));
        for (Certificates.Client client : Certificates.Client.values()) {
            String name = client.name().toLowerCase(Locale.ROOT);
            secretFile(name + ".key", Files.readString(certificates.clientKey(client)), "rw-------");
            Files.copy(certificates.clientCertificate(client), folder.resolve(name + ".crt"));
        }
        secretFile("open.key", Files.readString(certificates.clientKey()), "rw-r--r--");
        passwordFiles();
        Files.writeString(folder.resolve("services"), services());
        homes(certificates);
    }

    private static void homes(Certificates certificates) throws IOException {
        Path home = Files.createDirectories(folder.resolve("home/.postgresql")).getParent();
        Files.copy(certificates.ca(), home.resolve(".postgresql/root.crt"));
        Files.copy(folder.resolve("valid.crt"), home.resolve(".postgresql/postgresql.crt"));
        Path key = home.resolve(".postgresql/postgresql.key");
        Files.copy(folder.resolve("valid.key"), key, StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(folder.resolve("pgpass"), home.resolve(".pgpass"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(folder.resolve("services"), home.resolve(".pg_service.conf"));
        Path other = Files.createDirectories(folder.resolve("otherhome/.postgresql"));
        Files.copy(certificates.otherCa(), other.resolve("root.crt"));
        Files.writeString(
                folder.resolve("home/pg_service.conf"), "[system]\nport=" + server.port() + "\nuser=app_trust\n");
    }

    private static void passwordFiles() throws IOException {
        String password = "scr'am \\\\ pencil";
        String port = PLACES.get("port");
        secretFile("pgpass", "# comment\n*:*:*:app_scram:" + password + "\n", "rw-------");
        secretFile("pgpass.open", "*:*:*:app_scram:" + password + "\n", "rw-r--r--");
        secretFile("pgpass.first", "*:*:*:app_scram:wrong\n*:*:*:app_scram:" + password + "\n", "rw-------");
        secretFile("pgpass.exact", "127.0.0.1:" + port + ":postgres:app_scram:" + password + "\n", "rw-------");
        secretFile("pgpass.name", "localhost:" + port + ":postgres:app_scram:" + password + "\n", "rw-------");
        secretFile("pgpass.other", "127.0.0.1:" + port + ":other:app_scram:" + password + "\n", "rw-------");
        secretFile("pgpass.socket", PLACES.get("sock") + ":*:*:app_scram:" + password + "\n", "rw-------");
        secretFile("pgpass.short", "127.0.0.1:*:app_scram\n*:*:*:app_scram:" + password, "rw-------");
        secretFile(
                "pgpass.escapes",
                "*:*:o'dd d=b:o'dd role:p@ss\\:w/rd?&=#%[]'\\\\ \u00fc+\n*:*:*:app\\_scram:" + password + "\n",
                "rw-------");
    }

    private static String services() {
        String at = "host=127.0.0.1\nport=" + PLACES.get("port") + "\n";
        return "# services\n\n[trust]\n" + at + "user=app_trust\ndbname=postgres\n\n[settings]\n" + at
                + "user=app_settings\npassword=with settings\ndbname=postgres\napplication_name=by service\n"
                + "[bogus]\nbogus=1\n[nested]\nservice=trust\n[blank]\n" + at + "user = app_trust\n"
                + "[twice]\n" + at + "user=app_trust\nuser=app_scram\ndbname=postgres\n[noequal]\nhost\n"
                + "[quoted]\n" + at + "user='app_trust'\ndbname=postgres\n";
    }

    private static void secretFile(String name, String text, String permissions) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @TestFactory
    Stream<DynamicTest> howdahAnswersWhatTheTableSays() {
        return TABLE.stream()
                .map(row -> dynamicTest(name(row), () -> {
                    assumeTrue(HOWDAH.containsKey(row), "not with this server, or on this machine");
                    YardstickAnswer answer = HOWDAH.get(row).join();
                    assertThat(answer.fits(row.at(PLACES).howdah()))
                            .as(row + "\n" + answer)
                            .isTrue();
                }));
    }

    @TestFactory
    Stream<DynamicTest> psqlAnswersAlikeOrTheTableSaysWhyNot() {
        return TABLE.stream().map(row -> dynamicTest(name(row), () -> compare(psql, PSQL, row)));
    }

    @TestFactory
    Stream<DynamicTest> psqlWithTheServersLibpqAnswersAlikeOrTheTableSaysWhyNot() {
        return TABLE.stream().map(row -> dynamicTest(name(row), () -> compare(psqlWithLibpq, PSQL_WITH_LIBPQ, row)));
    }

    private static String name(YardstickRow row) {
        return row.text() + (row.environment().isEmpty() ? "" : " " + row.environment());
    }

    private static void compare(
            @Nullable Psql one, Map<YardstickRow, CompletableFuture<YardstickAnswer>> answers, YardstickRow row) {
        assumeTrue(one != null, "psql is not installed, or does not run with this libpq");
        assumeTrue(
                answers.containsKey(row), "this libpq, or this server, is too old for the string, or there is no IPv6");
        YardstickAnswer howdah = HOWDAH.get(row).join();
        YardstickAnswer yardstick = answers.get(row).join();
        String both = one + ": " + row + "\nHowdah: " + howdah + "\npsql: " + yardstick;
        String expected = row.at(PLACES).psql();
        assertThat(howdah.isAlike(yardstick)).as(both).isEqualTo(expected == null);
        if (expected != null) {
            assertThat(yardstick.fits(expected)).as(both).isTrue();
        }
    }

    @Test
    void theTableHasAtLeastAHundredStrings() {
        assertThat(TABLE).hasSizeGreaterThanOrEqualTo(100).doesNotHaveDuplicates();
        long explained = TABLE.stream().filter(row -> row.why() != null).count();
        assertThat(explained).isLessThan(TABLE.size() / 10);
    }
}
