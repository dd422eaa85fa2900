package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.howdah.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionSourcesTest {
    @TempDir
    Path folder;

    private final TestEnvironment environment = new TestEnvironment();

    @Test
    void eachEnvironmentVariableOfTheTableIsReadIfTheTextIsSilent() {
        for (Keyword keyword : Keyword.values()) {
            String variable = keyword.variable();
            String value = sample(keyword);
            if (variable == null || value.isEmpty()) {
                continue;
            }
            TestEnvironment one = new TestEnvironment().with(variable, value);
            if (keyword == Keyword.SSLNEGOTIATION) {
                one.with("PGSSLMODE", "require");
            }
            String shown = one.parse("").keywords().get(keyword.text());
            assertThat(shown).as(variable).isEqualTo(keyword.isSecret() ? "***" : value);
        }
    }

    private static String sample(Keyword keyword) {
        return switch (keyword) {
            case SERVICE, SERVICEFILE -> "";
            case HOSTADDR -> "10.0.0.1";
            case PORT -> "6543";
            case TARGET_SESSION_ATTRS -> "standby";
            case LOAD_BALANCE_HOSTS -> "random";
            case REQUIRE_AUTH -> "md5";
            case CHANNEL_BINDING -> "disable";
            case GSSLIB -> "gssapi";
            case GSSDELEGATION -> "1";
            case GSSENCMODE -> "prefer";
            case SSLMODE -> "verify-ca";
            case SSLNEGOTIATION -> "direct";
            case SSLCERTMODE -> "disable";
            case SSLSNI -> "0";
            case SSL_MIN_PROTOCOL_VERSION, SSL_MAX_PROTOCOL_VERSION -> "TLSv1.3";
            case MIN_PROTOCOL_VERSION, MAX_PROTOCOL_VERSION -> "3.2";
            case CONNECT_TIMEOUT -> "7";
            default -> "x";
        };
    }

    @Test
    void textBeatsServiceBeatsEnvironmentBeatsDefault() throws IOException {
        service("[s]\nport=2\nuser=service\ndbname=service\n");
        environment.with("PGPORT", "1").with("PGUSER", "environment").with("PGAPPNAME", "environment");
        ConnectOptions options = environment.parse("service=s dbname=text");
        assertThat(options.dbname()).isEqualTo("text");
        assertThat(options.user()).isEqualTo("service");
        assertThat(options.hosts().get(0).port()).isEqualTo(2);
        assertThat(options.keywords()).containsEntry("application_name", "environment");
        assertThat(options.sslMode()).isEqualTo(SslMode.PREFER);
    }

    @Test
    void aBuilderIsCompletedAsATextIs() throws IOException {
        service("[s]\nport=2\n");
        environment.with("PGUSER", "environment").with("PGSERVICE", "s");
        ConnectOptions built =
                ConnectOptions.builder(environment.build()).dbname("d").build();
        assertThat(built).isEqualTo(environment.parse("dbname=d"));
        assertThat(built.user()).isEqualTo("environment");
        assertThat(built.hosts().get(0).port()).isEqualTo(2);
    }

    @Test
    void anEnvironmentVariableThatCannotBeUsedIsNamed() {
        environment.with("PGSSLMODE", "sometimes");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> environment.parse(""))
                .withMessageContainingAll("sslmode", "PGSSLMODE", "sometimes");
        assertThat(environment.parse("sslmode=require").sslMode()).isEqualTo(SslMode.REQUIRE);
    }

    @Test
    void theTerminalsEncodingInTheEnvironmentDoesNotMatter() {
        environment.with("PGCLIENTENCODING", "LATIN1");
        assertThat(environment.parse("").startupParameters()).containsEntry("client_encoding", "UTF8");
    }

    @Test
    void settingsInTheEnvironmentBecomeStartupParameters() {
        environment.with("PGTZ", "Asia/Tokyo").with("PGGEQO", "default").with("PGDATESTYLE", "German");
        assertThat(environment.parse("parameter.datestyle=ISO").startupParameters())
                .containsEntry("TimeZone", "Asia/Tokyo")
                .containsEntry("datestyle", "ISO")
                .doesNotContainKeys("geqo", "DateStyle");
    }

    @Test
    void pgrequiresslCountsWhereSslmodeIsNotGiven() {
        environment.with("PGREQUIRESSL", "1");
        assertThat(environment.parse("").sslMode()).isEqualTo(SslMode.REQUIRE);
        assertThat(environment.parse("sslmode=allow").sslMode()).isEqualTo(SslMode.ALLOW);
    }

    @Test
    void theUsersServiceFileComesBeforeTheAdministrators() throws IOException {
        environment.home = Files.createDirectory(folder.resolve("home"));
        environment.systemFolders.add(Files.createDirectory(folder.resolve("etc")));
        Files.writeString(environment.home.resolve(".pg_service.conf"), "[both]\nuser=mine\n");
        Files.writeString(folder.resolve("etc").resolve("pg_service.conf"), "[both]\nuser=x\n[system]\nuser=theirs\n");
        assertThat(environment.parse("service=both").user()).isEqualTo("mine");
        assertThat(environment.parse("service=system").user()).isEqualTo("theirs");
        environment.with("PGSYSCONFDIR", folder.toString());
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> environment.parse("service=system"))
                .withMessageContainingAll("service", "system");
    }

    @Test
    void aServiceFileIsReadAsLibpqReadsIt() throws IOException {
        service("""
                # a comment
                [other]
                user=wrong
                nonsense
                [s]
                  # indented
                host=h \s
                password= with blanks 'and quotes' \\
                host=second
                sslmode=require
                [s]
                port=9
                """);
        ConnectOptions options = environment.parse("service=s");
        assertThat(options.hosts()).containsExactly(new ConnectOptions.Host("h", null, 5432));
        assertThat(options.password(options.hosts().get(0)).reveal()).isEqualTo(" with blanks 'and quotes' \\");
        assertThat(options.sslMode()).isEqualTo(SslMode.REQUIRE);
    }

    @Test
    void aBadLineOfAServiceFileIsRefusedWithItsNumber() throws IOException {
        refusedService("[s]\nfoo=1\n", "foo", "line 2");
        refusedService("[s]\n\nhost\n", "line 3");
        refusedService("[s]\nhost = h\n", "line 2");
        refusedService("[s]\nservice=t\n", "line 2", "another");
        refusedService("[s]\nldap://x\n", "line 2", "LDAP");
        refusedService("[s]\nsslmode=x\n", "line 2", "sslmode");
    }

    private void refusedService(String content, String... expected) throws IOException {
        service(content);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> environment.parse("service=s"))
                .withMessageContainingAll(expected);
    }

    @Test
    void aNamedServiceFileMustExist() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> environment.parse("service=s servicefile=/no/such/file"))
                .withMessageContaining("/no/such/file");
    }

    @Test
    void theDefaultHostIsTheFolderThatHasTheSocketElseLocalhost() throws IOException {
        Path first = Files.createDirectory(folder.resolve("first"));
        Path second = Files.createDirectory(folder.resolve("second"));
        environment.socketFolders.add(first);
        environment.socketFolders.add(second);
        Files.createFile(second.resolve(".s.PGSQL.5433"));
        ConnectOptions options = environment.parse("host=,h, port=5433,5433,5434");
        assertThat(options.hosts())
                .extracting(ConnectOptions.Host::name)
                .containsExactly(second.toString(), "h", "localhost");
        assertThat(options.hosts()).extracting(ConnectOptions.Host::isSocket).containsExactly(true, false, false);
    }

    @Test
    void userAndDatabaseDefaultToTheSystemsUser() {
        assertThat(environment.parse("").user()).isEqualTo("me");
        assertThat(environment.parse("user=''").dbname()).isEqualTo("me");
        assertThat(environment.parse("user=u").dbname()).isEqualTo("u");
        environment.osUser = "";
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> environment.parse(""))
                .withMessageContaining("user");
    }

    @Test
    void filesForTlsAreTakenFromTheUsersFolderIfTheyExist() throws IOException {
        environment.home = folder;
        assertThat(environment.parse("").sslRootCert()).isNull();
        Path file = Files.createFile(
                Files.createDirectory(folder.resolve(".postgresql")).resolve("root.crt"));
        assertThat(environment.parse("").sslRootCert()).isEqualTo(file.toString());
        assertThat(environment.parse("sslrootcert=''").sslRootCert()).isEqualTo(file.toString());
        assertThat(environment.parse("sslrootcert=mine").sslRootCert()).isEqualTo("mine");
        environment.windows = true;
        environment.with("APPDATA", folder.resolve("appdata").toString());
        assertThat(environment.parse("").sslRootCert()).isNull();
        assertThat(environment.parse("").keywords().get("passfile")).endsWith("pgpass.conf");
    }

    private void service(String content) throws IOException {
        Path file = folder.resolve("services");
        Files.writeString(file, content);
        environment.with("PGSERVICEFILE", file.toString());
    }
}
