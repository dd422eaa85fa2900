package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.ConnectOptions.Host;
import dev.howdah.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lists of host, hostaddr and port make the same hosts as with libpq, or are refused with the keyword named. */
class HostListTest {

    private static List<Host> hosts(String text) {
        return new TestEnvironment().parse(text + " user=u").hosts();
    }

    @Test
    void onePortIsForAllHosts() {
        assertThat(hosts("host=a,b,c port=7"))
                .containsExactly(new Host("a", null, 7), new Host("b", null, 7), new Host("c", null, 7));
    }

    @Test
    void eachHostMayHaveItsPortAndAnEmptyOneIsTheDefault() {
        assertThat(hosts("host=a,b,c port=7,,9"))
                .containsExactly(new Host("a", null, 7), new Host("b", null, 5432), new Host("c", null, 9));
        assertThat(hosts("host=a,b port=''")).containsExactly(new Host("a", null, 5432), new Host("b", null, 5432));
        assertThat(hosts("host=a,b port=,")).containsExactly(new Host("a", null, 5432), new Host("b", null, 5432));
    }

    @Test
    void aUriHasAPortForEachHostOrTheDefault() {
        List<Host> hosts = new TestEnvironment()
                .parse("postgresql://u@a:7,b,[::1]:9,%2Fsocket/d")
                .hosts();
        assertThat(hosts)
                .containsExactly(
                        new Host("a", null, 7),
                        new Host("b", null, 5432),
                        new Host("::1", null, 9),
                        new Host("/socket", null, 5432));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            host=a,b port=1,2,3                        | port
            host=a,b,c port=1,2                        | port
            host=a port=1,2                            | port
            port=1,2                                   | port
            hostaddr=127.0.0.1,127.0.0.2 port=1,2,3    | port
            host=a,b hostaddr=127.0.0.1                | hostaddr
            host=a hostaddr=127.0.0.1,127.0.0.2        | hostaddr
            host=a,b hostaddr=127.0.0.1,127.0.0.2,::1  | hostaddr
            host=a,b hostaddr=127.0.0.1,name           | hostaddr
            host=a,b port=1,x                          | port
            host=a,b port=1,65536                      | port
            """)
    void listsThatDoNotMatchAreRefusedByName(String text, String keyword) {
        assertThatThrownBy(() -> hosts(text))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.keyword()).isEqualTo(keyword))
                .hasMessageContaining(keyword);
    }

    @Test
    void anEmptyHostIsTheDefaultHostOfItsPort(@TempDir Path folder) throws IOException {
        Files.createFile(folder.resolve(".s.PGSQL.8"));
        TestEnvironment environment = new TestEnvironment();
        environment.socketFolders.add(folder);
        assertThat(environment.parse("host=a,, port=7,8,9 user=u").hosts())
                .containsExactly(
                        new Host("a", null, 7), new Host(folder.toString(), null, 8), new Host("localhost", null, 9));
    }

    @Test
    void hostaddrStandsAloneOrBesideItsHostAndMayBeEmpty() {
        assertThat(hosts("hostaddr=127.0.0.1,::1"))
                .containsExactly(new Host("127.0.0.1", "127.0.0.1", 5432), new Host("::1", "::1", 5432));
        assertThat(hosts("host=a,b,c hostaddr=127.0.0.1,,::1"))
                .containsExactly(
                        new Host("a", "127.0.0.1", 5432), new Host("b", null, 5432), new Host("c", "::1", 5432));
        assertThat(hosts("host=a,,c hostaddr=127.0.0.1,127.0.0.2,127.0.0.3"))
                .element(1)
                .isEqualTo(new Host("127.0.0.2", "127.0.0.2", 5432));
    }

    @ParameterizedTest
    @CsvSource({"0,", "-1,", "1,PT2S", "2,PT2S", "3,PT3S"})
    void connectTimeoutIsNoLimitFromZeroDownAndAtLeastTwoSeconds(String seconds, Duration limit) {
        assertThat(new TestEnvironment()
                        .parse("user=u connect_timeout=" + seconds)
                        .connectTimeout())
                .isEqualTo(limit);
    }
}
