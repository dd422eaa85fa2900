package dev.howdah.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
@Timeout(120)
class KeptSessionIT {

    private KeptSession kept;

    @BeforeEach
    void make(PostgresServer server) {
        kept = new KeptSession(server::admin);
    }

    @AfterEach
    void close() {
        kept.close();
    }

    private @Nullable String value(String sql) {
        return kept.execute(sql).getFirst().getFirst();
    }

    @Test
    void oneServerProcessRunsScriptAfterScript() {
        assertThat(value("select pg_backend_pid()")).isEqualTo(value("select pg_backend_pid()"));
        assertThatThrownBy(() -> kept.execute("select 1 / 0"))
                .isInstanceOfSatisfying(
                        AdminException.class, e -> assertThat(e.sqlState()).isEqualTo("22012"));
        assertThat(value("select 1")).isEqualTo("1");
    }

    @Test
    void aScriptLeavesNothingForTheNext() {
        kept.execute("set search_path = nowhere; create temp table t (); select pg_advisory_lock(42)");
        assertThat(value("show search_path")).isEqualTo("\"$user\", public");
        assertThat(value("select to_regclass('pg_temp.t')")).isNull();
        assertThat(value("select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()"))
                .isEqualTo("0");
    }

    @Test
    void oneThatHasEndedOrHasATransactionOpenIsReplaced(PostgresServer server) {
        kept.execute("begin; create table left_open ()");
        assertThat(value("select to_regclass('left_open')")).isNull();
        server.execute("select pg_terminate_backend(" + value("select pg_backend_pid()") + ")");
        assertThat(value("select 1")).isEqualTo("1");
    }

    @Test
    void nobodyWaitsForTheScriptOfAnother(PostgresServer server) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (ExecutorService other = Executors.newSingleThreadExecutor();
                AdminSession admin = server.admin()) {
            admin.execute("begin; select pg_advisory_xact_lock(4711)");
            Future<List<List<@Nullable String>>> waits = other.submit(() -> {
                begun.countDown();
                return kept.execute("select pg_advisory_xact_lock(4711)");
            });
            begun.await();
            Await.until(
                    "the other one waits",
                    java.time.Duration.ofSeconds(60),
                    () -> "1".equals(value("select count(*) from pg_locks where objid = 4711 and not granted")));
            admin.execute("commit");
            assertThat(waits.get()).hasSize(1);
        }
    }
}
