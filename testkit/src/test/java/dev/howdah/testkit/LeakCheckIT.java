package dev.howdah.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class LeakCheckIT {

    private static final Duration BRIEFLY = Duration.ofMillis(100);

    @Test
    void anOpenSessionIsALeakOfASocketAndABackend(TestDatabase db) {
        LeakCheck leaks = LeakCheck.start().sockets().backends(db);
        try (AdminSession session = db.admin()) {
            assertThatThrownBy(() -> leaks.verify(BRIEFLY))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("1 open sockets")
                    .hasMessageContaining("process " + session.backendPid());
        }
        leaks.verify();
    }

    @Test
    void aRunningThreadIsALeak() {
        LeakCheck leaks = LeakCheck.start().threads("straggler"::equals);
        CountDownLatch end = new CountDownLatch(1);
        Thread.ofPlatform().daemon().name("straggler").start(() -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThatThrownBy(() -> leaks.verify(BRIEFLY)).hasMessageContaining("straggler");
        end.countDown();
        leaks.verify();
    }

    @Test
    void aPreparedStatementIsALeak(TestDatabase db) {
        try (AdminSession session = db.admin()) {
            LeakCheck leaks = LeakCheck.start()
                    .count(
                            "prepared statements",
                            () -> Integer.parseInt(session.value("select count(*) from pg_prepared_statements")));
            session.execute("prepare p as select 1");
            assertThatThrownBy(() -> leaks.verify(BRIEFLY)).hasMessageContaining("1 prepared statements");
            session.execute("deallocate p");
            leaks.verify();
        }
    }
}
