package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.SqlState;
import dev.howdah.event.Gap;
import dev.howdah.event.Notification;
import dev.howdah.testkit.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A subscription hears all that is sent, and says from when to when it did not. */
@Timeout(120)
class SubscriptionIT extends DriverContract {

    @Override
    boolean hearsWhileIdle() {
        return true;
    }

    private final SubscriptionLog log = new SubscriptionLog();

    private Subscription subscribe(String... channels) {
        return Howdah.subscribe(
                options().toBuilder().option("application_name", "subscription").build(), List.of(channels), log);
    }

    private void kill() {
        database()
                .execute("select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where application_name = 'subscription' and datname = current_database()");
    }

    @Test
    void hearsItsChannelsInOrderFromTheMomentThatSubscribeReturns() throws Exception {
        try (Subscription subscription = subscribe("Orders", "p\"; drop")) {
            for (int i = 0; i < 10; i++) {
                db.query("select pg_notify($1, $2)", i % 2 == 0 ? "Orders" : "p\"; drop", "" + i);
            }
            db.execute("notify elsewhere, 'unheard'");
            int pid = log.connected().backendPid();
            assertThat(pid).isNotEqualTo(db.info().backendPid());
            for (int i = 0; i < 10; i++) {
                assertThat(log.next(Notification.class))
                        .isEqualTo(
                                new Notification(db.info().backendPid(), i % 2 == 0 ? "Orders" : "p\"; drop", "" + i));
            }
            assertThat(subscription.isConnected()).isTrue();
            assertThat(subscription.channels()).containsExactly("Orders", "p\"; drop");
            assertThat(subscription.received()).isEqualTo(10);
            assertThat(subscription.lost()).isZero();
            assertThat(subscription.reconnects()).isZero();
            assertThat(subscription.lastHeard()).isBetween(Instant.now().minusSeconds(300), Instant.now());
        }
        assertThat(log.events).isEmpty();
    }

    @Test
    void listensAgainAndTellsTheGapBetweenTheLastNotificationAndTheNext() throws Exception {
        Instant before = Instant.now();
        try (Subscription subscription = subscribe("c")) {
            ConnectionInfo first = log.connected();
            db.execute("notify c, 'before'");
            log.assertNext("before");
            kill();
            assertThat(log.next(SubscriptionLog.Disconnected.class).cause())
                    .isInstanceOfSatisfying(
                            ConnectionLostException.class,
                            e -> assertThat(e.lastWords().sqlState()).isEqualTo(SqlState.ADMIN_SHUTDOWN));
            ConnectionInfo second = log.connected();
            db.execute("notify c, 'after'");
            Gap gap = log.next(Gap.class);
            log.assertNext("after");
            assertThat(second.backendPid()).isNotEqualTo(first.backendPid());
            assertThat(gap.from()).isBetween(before, gap.until());
            assertThat(gap.until()).isBefore(Instant.now().plusSeconds(1));
            assertThat(gap.cause()).isInstanceOf(ConnectionLostException.class);
            assertThat(subscription.reconnects()).isEqualTo(1);
            assertThat(subscription.received()).isEqualTo(2);
        }
        assertThat(log.events).isEmpty();
    }

    @Test
    void channelsAndListenersComeAndGoWhileItRuns() throws Exception {
        try (Subscription subscription = subscribe()) {
            log.connected();
            SubscriptionLog other = new SubscriptionLog();
            subscription.addChannel("a");
            subscription.addChannel("a");
            subscription.addListener("a", other::onNotification);
            subscription.addListener("b", other::onNotification);
            assertThat(subscription.channels()).containsExactly("a", "b");
            db.execute("notify a, '1'; notify b, '2'");
            log.assertNext("1");
            other.assertNext("1");
            other.assertNext("2");
            kill();
            log.next(SubscriptionLog.Disconnected.class);
            log.connected();
            log.next(Gap.class);
            db.execute("notify a, '3'; notify b, '4'");
            log.assertNext("3");
            other.assertNext("3");
            other.assertNext("4");
            subscription.removeChannel("a");
            subscription.removeChannel("none");
            db.execute("notify a, '5'");
            other.assertNext("5");
        }
        assertThat(log.events).isEmpty();
    }

    @Test
    void namesThatNoChannelCanHaveAreRefusedAndNothingIsLeftBehind() {
        for (String name : List.of("", "c".repeat(64), "\u00e9".repeat(32), "a\0b")) {
            assertThatThrownBy(() -> subscribe("fine", name)).isInstanceOf(IllegalArgumentException.class);
            try (Subscription subscription = subscribe("fine")) {
                assertThatThrownBy(() -> subscription.addChannel(name)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> subscription.addListener(name, notification -> {}))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThat(subscription.channels()).containsExactly("fine");
            }
        }
    }

    @Test
    void aProbeKeepsASilentConnectionAndIsHeardOf() throws Exception {
        SubscriptionOptions often =
                SubscriptionOptions.DEFAULT.withProbes(Duration.ofMillis(20), Duration.ofSeconds(30));
        try (Subscription subscription = Howdah.subscribe(options(), List.of("c"), log, often)) {
            ConnectionInfo info = log.connected();
            Instant heard = subscription.lastHeard();
            Await.until(
                    "a probe was answered",
                    Duration.ofSeconds(PATIENCE_SECONDS),
                    () -> subscription.lastHeard().isAfter(heard));
            db.execute("notify c, 'x'");
            log.assertNext("x");
            assertThat(info.status()).isEqualTo(ConnectionStatus.OPEN);
            assertThat(subscription.reconnects()).isZero();
        }
    }
}
