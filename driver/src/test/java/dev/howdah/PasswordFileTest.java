package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.howdah.password.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordFileTest {
    @TempDir
    Path folder;

    private final TestEnvironment environment = new TestEnvironment();

    @BeforeEach
    void setUp() {
        environment.home = folder;
    }

    @Test
    void theFirstLineThatFitsWins() throws IOException {
        write("rw-------", """
                #h:5432:d:u:comment
                h:5433:d:u:otherPort
                h:5432:d:other:otherUser
                hh:5432:d:u:otherHost
                h:5432:d:u:first
                h:5432:d:u:second
                *:*:*:*:any
                """);
        assertThat(password("host=h user=u dbname=d")).isEqualTo("first");
        assertThat(password("host=h port=5433 user=u dbname=d")).isEqualTo("otherPort");
        assertThat(password("host=x user=u dbname=d")).isEqualTo("any");
        assertThat(environment.warnings).isEmpty();
    }

    @Test
    void colonsAndBackslashesAreEscaped() throws IOException {
        write("rw-------", "\\:\\:1:*:a\\\\b:c\\:d:p\\:q\\\\r:ignored\r\n");
        assertThat(password("host=::1 dbname=a\\\\b user=c:d")).isEqualTo("p:q\\r");
    }

    @Test
    void anAsteriskIsAWildcardOnlyAlone() throws IOException {
        write("rw-------", "h*:*:*:*:no\n\\*:*:*:*:star\n*:*:*:uncomplete\n");
        assertThat(password("host=h")).isNull();
        assertThat(password("host=*")).isEqualTo("star");
    }

    @Test
    void aSocketInADefaultFolderIsLocalhost() throws IOException {
        write("rw-------", "localhost:*:*:*:local\n/other:*:*:*:other\n");
        environment.socketFolders.add(Path.of("/default"));
        assertThat(password("host=/default")).isEqualTo("local");
        assertThat(password("")).isEqualTo("local");
        assertThat(password("host=/other")).isEqualTo("other");
        assertThat(password("host=/third")).isNull();
    }

    @Test
    void theNameOfAHostCountsBeforeItsAddress() throws IOException {
        write("rw-------", "10.0.0.1:*:*:*:byAddress\nh:*:*:*:byName\n");
        assertThat(password("host=h hostaddr=10.0.0.1")).isEqualTo("byName");
        assertThat(password("hostaddr=10.0.0.1")).isEqualTo("byAddress");
    }

    @Test
    void eachHostHasItsOwnPassword() throws IOException {
        write("rw-------", "a:1:*:*:forA\nb:2:*:*:forB\n");
        ConnectOptions options = environment.parse("host=a,b port=1,2");
        assertThat(options.hosts().stream().map(options::password))
                .containsExactly(Secret.of("forA"), Secret.of("forB"));
    }

    @Test
    void aFileThatOthersMayUseIsIgnoredWithAWarning() throws IOException {
        for (String permissions : new String[] {"rw-r-----", "rw----r--", "rw---x---", "rwxrwxrwx"}) {
            environment.warnings.clear();
            write(permissions, "*:*:*:*:secretWord\n");
            assertThat(password("host=h")).as(permissions).isNull();
            assertThat(environment.warnings).hasSize(1);
            assertThat(environment.warnings.get(0)).contains(".pgpass", "0600").doesNotContain("secretWord");
        }
        environment.windows = true;
        environment.with("APPDATA", folder.toString());
        assertThat(password("host=h passfile=" + folder.resolve(".pgpass"))).isEqualTo("secretWord");
    }

    @Test
    void whatIsNoPlainFileIsIgnoredWithAWarning() throws IOException {
        Files.createDirectory(folder.resolve(".pgpass"));
        assertThat(password("host=h")).isNull();
        assertThat(environment.warnings).singleElement().asString().contains("plain file");
    }

    @Test
    void aFileThatDoesNotExistIsNone() {
        assertThat(password("host=h passfile=/no/such/file")).isNull();
        assertThat(environment.warnings).isEmpty();
    }

    @Test
    void aGivenPasswordCountsUnlessItIsEmpty() throws IOException {
        write("rw-------", "*:*:*:*:file\n");
        assertThat(password("password=given")).isEqualTo("given");
        assertThat(password("password=''")).isEqualTo("file");
        environment.with("PGPASSWORD", "environment");
        assertThat(password("")).isEqualTo("environment");
    }

    @Test
    void anEmptyPasswordIsNoneAndEndsTheSearch() throws IOException {
        write("rw-------", "h:*:*:*:\n*:*:*:*:other\n");
        assertThat(password("host=h")).isNull();
    }

    @Test
    void theFileIsReadAtEachConnect() throws IOException {
        ConnectOptions options = environment.parse("host=h");
        assertThat(options.password(options.hosts().get(0))).isNull();
        write("rw-------", "*:*:*:*:new\n");
        assertThat(options.password(options.hosts().get(0))).isEqualTo(Secret.of("new"));
    }

    private @Nullable String password(String text) {
        ConnectOptions options = environment.parse(text);
        Secret secret = options.password(options.hosts().get(0));
        return secret == null ? null : secret.reveal();
    }

    private void write(String permissions, String content) throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Path file = folder.resolve(".pgpass");
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
