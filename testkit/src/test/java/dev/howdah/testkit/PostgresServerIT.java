package dev.howdah.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresServerIT {

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void everyVersionStartsAndStops(int version) throws IOException {
        PostgresServer server = PostgresServer.start(version);
        try (server) {
            assertThat(server.execute("show server_version").get(0).get(0)).startsWith(version + ".");
            assertThat(server.execute("show ssl")).first().asString().contains("on");
            try (Socket tcp = new Socket()) {
                tcp.connect(new InetSocketAddress(server.host(), server.port()), 5_000);
            }
            try (TestDatabase db = server.createDatabase()) {
                assertThat(db.execute("select current_database()").get(0)).containsExactly(db.name());
            }
        }
        assertThat(server.isRunning()).isFalse();
        assertThat(Files.exists(server.dataDirectory())).isFalse();
    }

    @Test
    void aCrashedServerComesBackWithItsData() {
        try (PostgresServer server = PostgresServer.builder().start()) {
            int port = server.port();
            assertThat(port)
                    .as("one that nobody gets who wants any while the server is down")
                    .isBetween(Postmaster.FIRST_PORT, Postmaster.LAST_PORT);
            server.execute("create table kept (x int); insert into kept values (1)");
            AdminSession cut = server.admin();
            server.crash();
            assertThat(server.isRunning()).isFalse();
            assertThatThrownBy(() -> cut.execute("select 1")).isInstanceOf(java.io.UncheckedIOException.class);
            cut.close();
            server.restart();
            assertThat(server.port()).isEqualTo(port);
            assertThat(server.execute("select x from kept").get(0)).containsExactly("1");
            server.stop();
            assertThat(server.isRunning()).isFalse();
            server.restart();
            assertThat(server.isRunning()).isTrue();
        }
    }

    @Test
    void ownHbaLinesAndSettingsAreTheServers() {
        try (PostgresServer server = PostgresServer.builder()
                .version(16)
                .hba("host all all 127.0.0.1/32 scram-sha-256")
                .config("work_mem", "7MB")
                .config("log_statement", "it's wrong")
                .config("log_statement", "all")
                .start()) {
            assertThat(server.execute("show work_mem").get(0)).containsExactly("7MB");
            assertThat(server.execute("select count(*) from pg_hba_file_rules").get(0))
                    .containsExactly("2");
            server.configure("work_mem", "9MB");
            server.changeHba();
            assertThat(server.execute("show work_mem").get(0)).containsExactly("9MB");
            assertThat(server.execute("select count(*) from pg_hba_file_rules").get(0))
                    .containsExactly("1");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 18})
    void aStandbyFollowsAndIsPromoted(int version) {
        try (PostgresServer primary = PostgresServer.start(version);
                PostgresServer standby = primary.standby().start()) {
            assertThat(standby.isStandby()).isTrue();
            primary.execute("create table t as select 42 as x");
            standby.awaitReplay(primary.walPosition());
            assertThat(standby.execute("select x from t").get(0)).containsExactly("42");
            assertThatThrownBy(() -> standby.execute("insert into t values (1)"))
                    .isInstanceOfSatisfying(
                            AdminException.class, e -> assertThat(e.sqlState()).isEqualTo("25006"));
            primary.crash();
            standby.promote();
            standby.execute("insert into t values (1)");
            Await.until(Duration.ofSeconds(10), () -> !standby.isStandby());
        }
    }

    @Test
    void aWrongSettingIsReportedWithTheServersWords() {
        assertThatThrownBy(() ->
                        PostgresServer.builder().config("work_mem", "lots").start())
                .hasStackTraceContaining("work_mem");
    }
}
