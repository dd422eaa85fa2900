package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.error.ReplicationException;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.SeededRandom;
import dev.howdah.testkit.SharedServers;
import dev.howdah.testkit.TestDatabase;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A follower whose connections, server processes and servers are ended at random while writers write. */
@ExtendWith(PostgresExtension.class)
class FollowerChaosIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String SLOT = "chaos";
    private static final String SOURCE = StoringSink.TABLES + "; create sequence log_ids;"
            + " insert into state select i, i from generate_series(0, 49, 2) i;"
            + " insert into log select nextval('log_ids'), 'before' from generate_series(1, 2000);"
            + " create publication p for table log, state;"
            + " grant all on all tables in schema public to public; grant all on all sequences in schema public to public";

    private static FollowerOptions options(boolean failover) {
        return FollowerOptions.of(SLOT, "p")
                .createSlot(SlotOptions.DEFAULT.failover(failover))
                .snapshot(2)
                .pauses(Duration.ofMillis(10), Duration.ofMillis(200))
                .transactions(stream -> stream.progress(Duration.ofMillis(200)).spoolMemory(64 << 10));
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    @Timeout(300)
    void nothingIsLostAndNothingComesTwice(int version) throws Exception {
        survives(version, 8);
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 17})
    @Tag("slow")
    @Timeout(300)
    void nothingIsLostAndNothingComesTwiceOfTheVersionsBetween(int version) throws Exception {
        survives(version, 8);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    @Tag("soak")
    @Timeout(1800)
    void nothingIsLostAndNothingComesTwiceIfItIsEndedTwoHundredTimes(int version) throws Exception {
        survives(version, 200);
    }

    /** Ends things at random; in the middle, if there is a standby, it is promoted. */
    private static void survives(int version, int times) throws Exception {
        SeededRandom random = new SeededRandom(System.nanoTime());
        try (FollowedServers servers = FollowedServers.start(version, SLOT, SOURCE);
                TestDatabase target = SharedServers.get(version).createDatabase();
                StoringSink sink = new StoringSink(target)) {
            boolean standby = servers.haveStandby();
            try (BusyWriter one = new BusyWriter(servers::direct, random.nextLong());
                    BusyWriter other = new BusyWriter(servers::direct, random.nextLong());
                    Follower follower = Follower.start(servers.wired(), options(standby), sink)) {
                for (int i = 0; i < times; i++) {
                    awaitProgress(follower, random.nextInt(1, 20));
                    long streams = follower.status().streams();
                    if (standby && i == times / 2) {
                        servers.failOver();
                    } else {
                        servers.endSomething(random);
                    }
                    Await.until("it streams again", PATIENCE, () -> {
                        assertThat(follower.failure())
                                .as("seed " + random.seed())
                                .isNull();
                        return follower.status().streams() > streams;
                    });
                }
                awaitProgress(follower, 20);
                one.close();
                other.close();
                assertThat(one.written()).isPositive();
                assertThat(other.written()).isPositive();
                try (PgConnection source = Howdah.connect(servers.direct())) {
                    awaitEqual(source, sink, follower);
                }
            }
            assertThat(sink.doubled()).isZero();
            if (standby) {
                ResumeToken stored = Objects.requireNonNull(sink.position());
                assertThat(stored.timeline()).isEqualTo(2);
                assertNotResumed(servers.current(), new ResumeToken(stored.systemId(), 1, stored.slot(), stored.lsn()));
            }
        }
    }

    private static void awaitProgress(Follower follower, int transactions) {
        long before = follower.status().transactions();
        Await.until("it gets on", PATIENCE, () -> {
            assertThat(follower.failure()).isNull();
            FollowerStatus status = follower.status();
            return status.streaming() && status.transactions() >= before + transactions;
        });
    }

    private static void awaitEqual(PgConnection source, StoringSink sink, Follower follower) {
        String expected = StoringSink.sums(source);
        Await.until("the sink equals the source, " + expected, PATIENCE, () -> {
            assertThat(follower.failure()).isNull();
            return sink.sums().equals(expected);
        });
    }

    /** What lies on the old timeline behind the fork the new primary never had. */
    private static void assertNotResumed(PostgresServer server, ResumeToken lost) {
        TransactionStreamOptions options =
                TransactionStreamOptions.slot(lost.slot()).publications("p").resume(lost);
        try (LogicalReplicationConnection db =
                LogicalReplicationConnection.connect(server.dsn("postgres", Roles.REPLICATION))) {
            assertThatThrownBy(() -> TransactionStream.open(db.cursor(), options))
                    .isInstanceOfSatisfying(
                            ReplicationException.class,
                            refused ->
                                    assertThat(refused.reason()).isEqualTo(ReplicationException.Reason.SERVER_BEHIND));
        }
    }
}
