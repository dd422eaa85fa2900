package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.PgException;
import dev.howdah.event.Gap;
import dev.howdah.event.Notification;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.SharedServers;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A server that goes away and comes back: every gap is told, and nothing is lost outside. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubscriptionRestartIT {

    private static final int RESTARTS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final SubscriptionOptions QUICK = SubscriptionOptions.DEFAULT
            .withPauses(Duration.ofMillis(10), Duration.ofMillis(100))
            .withProbes(Duration.ofMillis(200), Duration.ofSeconds(30));

    private final PostgresServer server = PostgresServer.builder()
            .version(SharedServers.defaultVersion())
            .config("track_commit_timestamp", "on")
            .start();
    private SubscriptionLog log = new SubscriptionLog();

    @BeforeEach
    void forget() {
        log = new SubscriptionLog();
    }

    @BeforeAll
    void makeTable() {
        server.execute("create table numbered (n bigint primary key); grant all on numbered to public");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private ConnectOptions options() {
        return ConnectOptions.parse(server.dsn("postgres", Roles.TRUST) + " sslmode=disable");
    }

    private void awaitServer() {
        Await.until("the server is back", PATIENCE, () -> {
            try (PgConnection db = Howdah.connect(options())) {
                return db.isOpen();
            } catch (PgException e) {
                return false;
            }
        });
    }

    /** Inserts 1, 2, 3 ..., each in a transaction that tells of it, with a new connection whenever the old one is gone. */
    private final class Writer implements Runnable {
        private final AtomicLong written = new AtomicLong();
        private volatile boolean stopped;

        @Override
        public void run() {
            long n = 0;
            while (!stopped) {
                try (PgConnection db = Howdah.connect(options())) {
                    while (!stopped) {
                        n++;
                        db.query(
                                "with row as (insert into numbered values ($1) returning n)"
                                        + " select pg_notify('numbered', n::text) from row",
                                n);
                        written.incrementAndGet();
                    }
                } catch (PgException e) {
                    // The server has gone, maybe in the middle: the number may be there or not, the next is another.
                    awaitServer();
                }
            }
        }
    }

    /** Listens as its Javadoc says: what is missed in a gap is found in the table. */
    private final class Reader implements SubscriptionListener {
        private final List<Long> notified = new ArrayList<>();
        private final Queue<Gap> gaps = new ConcurrentLinkedQueue<>();
        private final Set<Long> known = ConcurrentHashMap.newKeySet();

        @Override
        public void onNotification(Notification notification) {
            long n = Long.parseLong(notification.payload());
            notified.add(n);
            known.add(n);
        }

        @Override
        public void onGap(Gap gap) {
            awaitServer();
            try (PgConnection db = Howdah.connect(options())) {
                db.query("select n from numbered").forEach(row -> known.add(row.getLong(0)));
            }
            gaps.add(gap);
        }
    }

    @Test
    void restartedTwentyTimesUnderLoadNothingIsLostOutsideTheGapsThatAreTold() throws Exception {
        Reader reader = new Reader();
        Writer writer = new Writer();
        try (Subscription subscription = Howdah.subscribe(options(), List.of("numbered"), reader, QUICK)) {
            Thread writing = Thread.ofPlatform().start(writer);
            for (int i = 0; i < RESTARTS; i++) {
                long before = writer.written.get();
                Await.until("the writer writes", PATIENCE, () -> writer.written.get() > before + 20);
                if (i % 2 == 0) {
                    server.restart();
                } else {
                    server.crash();
                    server.restart();
                }
                int expected = i + 1;
                Await.until("gap " + expected + " is told", PATIENCE, () -> reader.gaps.size() >= expected);
            }
            long before = writer.written.get();
            Await.until("the writer writes", PATIENCE, () -> writer.written.get() > before + 20);
            writer.stopped = true;
            assertThat(writing.join(PATIENCE)).isTrue();
            Set<Long> all = numbers();
            Await.until("all is known", PATIENCE, () -> reader.known.containsAll(all));
            assertThat(subscription.reconnects()).isEqualTo(reader.gaps.size());
            assertThat(subscription.lost()).isZero();
        }
        assertThat(reader.notified).isSorted().doesNotHaveDuplicates();
        assertThat(reader.notified.size()).isGreaterThan(RESTARTS * 10);
        assertThatAllThatWasNotHeardWasCommittedInAGap(reader);
    }

    private Set<Long> numbers() {
        Set<Long> all = new HashSet<>();
        server.execute("select n from numbered").forEach(row -> all.add(Long.parseLong(row.getFirst())));
        return all;
    }

    private void assertThatAllThatWasNotHeardWasCommittedInAGap(Reader reader) {
        Set<Long> heard = new HashSet<>(reader.notified);
        try (PgConnection db = Howdah.connect(options())) {
            for (Row row : db.query("select n, pg_xact_commit_timestamp(xmin) from numbered")) {
                Instant committed = row.get(1, OffsetDateTime.class).toInstant();
                assertThat(heard.contains(row.getLong(0))
                                || reader.gaps.stream().anyMatch(gap -> isIn(gap, committed)))
                        .as("%s, committed at %s; the gaps: %s", row.getLong(0), committed, reader.gaps)
                        .isTrue();
            }
        }
    }

    private static boolean isIn(Gap gap, Instant moment) {
        return !moment.isBefore(gap.from()) && !moment.isAfter(gap.until());
    }

    @Test
    void channelsThatAreChangedWhileTheServerIsDownAreFollowedWhenItIsBack() throws Exception {
        try (Subscription subscription = Howdah.subscribe(options(), List.of("old"), log, QUICK)) {
            log.connected();
            server.stop();
            log.next(SubscriptionLog.Disconnected.class);
            SubscriptionLog.Failed failed = log.next(SubscriptionLog.Failed.class);
            assertThat(failed.failure()).isInstanceOf(ConnectFailedException.class);
            assertThat(failed.attempt()).isEqualTo(1);
            subscription.addListener("new", log::onNotification);
            subscription.removeChannel("old");
            assertThat(subscription.channels()).containsExactly("new");
            server.restart();
            log.connected();
            log.next(Gap.class);
            server.execute("notify old, 'unheard'");
            server.execute("notify new, 'heard'");
            log.assertNext("heard");
            assertThat(subscription.received()).isEqualTo(1);
        }
    }

    @Test
    void afterTheTimeThatWasSetItGivesUpAndIsClosed() throws Exception {
        try (Subscription subscription =
                Howdah.subscribe(options(), List.of("c"), log, QUICK.withGiveUpAfter(Duration.ofMillis(200)))) {
            log.connected();
            server.stop();
            log.next(SubscriptionLog.Disconnected.class);
            Object next = log.next(Object.class);
            while (next instanceof SubscriptionLog.Failed) {
                next = log.next(Object.class);
            }
            assertThat(next)
                    .isInstanceOfSatisfying(
                            SubscriptionLog.GivenUp.class,
                            givenUp -> assertThat(givenUp.failure()).isInstanceOf(ConnectFailedException.class));
            assertThat(subscription.awaitConnected(PATIENCE)).isFalse();
            assertThat(subscription.isConnected()).isFalse();
        } finally {
            server.restart();
        }
    }

    @Test
    void closingWhileTheServerIsDownEndsTheTriesAtOnce() throws Exception {
        SubscriptionOptions slow = QUICK.withPauses(Duration.ofHours(1), Duration.ofHours(1));
        try (Subscription subscription = Howdah.subscribe(options(), List.of("c"), log, slow)) {
            log.connected();
            server.stop();
            log.next(SubscriptionLog.Disconnected.class);
            subscription.close();
            assertThat(log.events).doesNotHaveAnyElementsOfTypes(SubscriptionLog.Connected.class);
        } finally {
            server.restart();
        }
    }
}
