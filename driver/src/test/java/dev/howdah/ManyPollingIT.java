package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testkit.LeakCheck;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A thousand connections that one thread waits for, in one selector, on a server that takes as many. */
@Tag("slow")
@Timeout(600)
class ManyPollingIT {

    private static final int CONNECTIONS = 1_000;
    private static final int STATEMENTS = 5;
    /** What a connection may hold on the heap, its virtual thread with it. */
    private static final long MOST_BYTES = 100_000;

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.builder()
                .config("max_connections", String.valueOf(CONNECTIONS + 50))
                // All begin at the same time, and nothing here promises how fast a busy machine has them connected.
                .config("authentication_timeout", "10min")
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void oneThreadConnectsAndServesAThousand(@TempDir Path folder) throws IOException {
        try (TestDatabase database = server.createDatabase();
                PinnedThreads pinned = new PinnedThreads()) {
            ConnectOptions options = ConnectOptions.parse(database.dsn(Roles.TRUST) + " sslmode=disable");
            try (PollingConnection first = Howdah.connectPolling(options)) {
                PollRing.drive(List.of(first)); // loads the classes
            }
            LeakCheck nothingLeft = LeakCheck.start().sockets().backends(database);
            // Virtual threads have some of the JDK's; no other waits for a channel here.
            LeakCheck onlyThisThread =
                    LeakCheck.start().threads(name -> !name.matches("ForkJoinPool-.*|VirtualThread-.*|JFR .*"));
            long before = heldBytes();
            List<PollingConnection> all = new ArrayList<>();
            try {
                for (int i = 0; i < CONNECTIONS; i++) {
                    all.add(Howdah.connectPolling(options));
                }
                PollRing.drive(all);
                everyoneGetsItsOwnAnswers(all);
                everyoneIsThereAtTheSameTime(all);
                onlyThisThread.verify();
                assertThat((heldBytes() - before) / CONNECTIONS).isLessThan(MOST_BYTES);
            } finally {
                all.forEach(PollingConnection::close);
            }
            nothingLeft.verify();
            assertThat(pinned.byUs(folder)).isEmpty();
        }
    }

    private static void everyoneGetsItsOwnAnswers(List<PollingConnection> all) throws IOException {
        List<Polled<Long>> sums = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            int own = i;
            sums.add(all.get(i).call(db -> {
                long sum = 0;
                for (int j = 0; j < STATEMENTS; j++) {
                    sum += db.queryOne("select $1::int * 10 + $2::int", Integer.class, own, j);
                }
                return sum;
            }));
        }
        PollRing.drive(all);
        for (int i = 0; i < sums.size(); i++) {
            assertThat(sums.get(i).result()).isEqualTo(i * 10L * STATEMENTS + STATEMENTS * (STATEMENTS - 1) / 2);
        }
    }

    /** Each sleeps in the server longer than one thread needs to begin with all of them. */
    private static void everyoneIsThereAtTheSameTime(List<PollingConnection> all) throws IOException {
        List<Polled<Rows>> processes = new ArrayList<>();
        for (PollingConnection one : all) {
            processes.add(one.query("select pg_backend_pid() from pg_sleep(0.5)"));
        }
        PollRing.drive(all);
        for (int i = 0; i < all.size(); i++) {
            assertThat(processes.get(i).result().onlyValue(Integer.class))
                    .isEqualTo(all.get(i).info().backendPid());
        }
    }

    private static long heldBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
