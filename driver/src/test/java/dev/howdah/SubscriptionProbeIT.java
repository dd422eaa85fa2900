package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.event.Gap;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.LeakCheck;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A network that goes without a word is noticed, and nothing waits for it. */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class SubscriptionProbeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final SubscriptionOptions SOON = SubscriptionOptions.DEFAULT
            .withPauses(Duration.ofMillis(20), Duration.ofMillis(100))
            .withProbes(Duration.ofMillis(100), Duration.ofSeconds(1));

    private final SubscriptionLog log = new SubscriptionLog();

    private Subscription subscribe(FaultyWire wire, TestDatabase db, SubscriptionOptions settings, String mode) {
        ConnectOptions options = ConnectOptions.parse(wire.dsn(db.name(), Roles.TRUST) + " sslmode=" + mode);
        return Howdah.subscribe(options, List.of("c"), log, settings);
    }

    @Test
    void aPeerThatIsSilentForeverIsGivenUpAndTheNextConnectionIsMade(TestDatabase db) throws Exception {
        for (String mode : List.of("disable", "require")) {
            LeakCheck leaks = LeakCheck.start().backends(db);
            try (FaultyWire wire = FaultyWire.to(db.server())) {
                try (Subscription subscription = subscribe(wire, db, SOON, mode)) {
                    log.connected();
                    db.execute("notify c, 'before'");
                    log.assertNext("before");
                    wire.toClient().stallAt(1);
                    assertThat(log.next(SubscriptionLog.Disconnected.class).cause())
                            .isInstanceOf(ConnectionLostException.class)
                            .hasMessageContaining("did not answer a probe within 1000 ms");
                    assertThat(subscription.isConnected()).isFalse();
                    wire.toClient().clear();
                    log.connected();
                    Gap gap = log.next(Gap.class);
                    assertThat(gap.from()).isBeforeOrEqualTo(gap.until());
                    db.execute("notify c, 'after'");
                    log.assertNext("after");
                }
            }
            leaks.verify();
        }
    }

    @Test
    void whatStaysOnTheWayIsInTheGapAlthoughTheLossIsNoticedLater(TestDatabase db) throws Exception {
        try (FaultyWire wire = FaultyWire.to(db.server());
                Subscription subscription = subscribe(wire, db, SOON, "disable")) {
            log.connected();
            wire.toClient().stallAt(1);
            Await.until("nothing comes through", PATIENCE, () -> wire.toClient().stalled() == 1);
            Instant before = Instant.now();
            db.execute("notify c, 'in the gap'");
            Instant after = Instant.now();
            log.next(SubscriptionLog.Disconnected.class);
            // What was sent arrives after all, on a connection that counts no more.
            wire.toClient().clear();
            log.connected();
            Gap gap = log.next(Gap.class);
            assertThat(gap.from()).isBeforeOrEqualTo(before);
            assertThat(gap.until()).isAfterOrEqualTo(after);
            db.execute("notify c, 'after'");
            log.assertNext("after");
            assertThat(subscription.received()).isEqualTo(1);
        }
        assertThat(log.events).isEmpty();
    }

    @Test
    void aServerThatAcceptsAndNeverAnswersDoesNotHoldUpClose(TestDatabase db) throws Exception {
        try (FaultyWire wire = FaultyWire.to(db.server())) {
            Subscription subscription = subscribe(wire, db, SOON, "disable");
            log.connected();
            wire.blackHole(true);
            int before = wire.connections();
            wire.resetAll();
            log.next(SubscriptionLog.Disconnected.class);
            Await.until("it connects again", PATIENCE, () -> wire.connections() > before);
            subscription.close();
            assertThat(subscription.isConnected()).isFalse();
            assertThat(log.events).isEmpty();
        }
    }

    @Test
    void aFloodOfNotificationsIsASignOfLife(TestDatabase db) throws Exception {
        SubscriptionOptions impatient =
                SubscriptionOptions.DEFAULT.withProbes(Duration.ofMillis(1), Duration.ofSeconds(20));
        try (FaultyWire wire = FaultyWire.to(db.server());
                Subscription subscription = subscribe(wire, db, impatient, "disable")) {
            log.connected();
            db.execute("do $$ begin for i in 1..20000 loop perform pg_notify('c', i::text); end loop; end $$");
            for (int i = 1; i <= 20_000; i++) {
                log.assertNext(Integer.toString(i));
            }
            assertThat(subscription.reconnects()).isZero();
        }
    }
}
