package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConfigException;
import dev.howdah.error.ConnectFailedException;
import dev.howdah.event.Gap;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.SharedServers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A primary dies, its standby takes over, and the subscription goes along. */
@Timeout(180)
class SubscriptionFailoverIT {

    private final SubscriptionLog log = new SubscriptionLog();

    @Test
    void aStandbyIsNoServerToListenOn() {
        for (String target : List.of("standby", "read-only")) {
            assertThatThrownBy(() -> Howdah.subscribe("target_session_attrs=" + target, List.of("c"), log))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("target_session_attrs");
        }
    }

    @Test
    void followsTheOldStandbyThatIsPromotedAndTellsTheGap() throws Exception {
        try (PostgresServer primary = PostgresServer.builder()
                        .version(SharedServers.defaultVersion())
                        .start();
                PostgresServer standby = primary.standby().start()) {
            standby.awaitReplay(primary.walPosition());
            // The standby first: what accepts a session need not be what can listen.
            String dsn = "host=127.0.0.1,127.0.0.1 port=" + standby.port() + "," + primary.port()
                    + " dbname=postgres user=" + Roles.TRUST.name();
            SubscriptionOptions settings =
                    SubscriptionOptions.DEFAULT.withPauses(Duration.ofMillis(50), Duration.ofMillis(500));
            try (Subscription subscription = Howdah.subscribe(ConnectOptions.parse(dsn), List.of("c"), log, settings)) {
                assertThat(log.connected().port()).isEqualTo(primary.port());
                primary.execute("notify c, 'from the old primary'");
                log.assertNext("from the old primary");
                standby.awaitReplay(primary.walPosition());
                primary.crash();
                log.next(SubscriptionLog.Disconnected.class);
                SubscriptionLog.Failed failed = log.next(SubscriptionLog.Failed.class);
                assertThat(failed.failure())
                        .isInstanceOf(ConnectFailedException.class)
                        .hasMessageContaining("the server is a standby");
                assertThat(failed.attempt()).isEqualTo(1);
                standby.promote();
                assertThat(log.connected().port()).isEqualTo(standby.port());
                Gap gap = log.next(Gap.class);
                assertThat(gap.from()).isBefore(gap.until());
                standby.execute("notify c, 'from the new primary'");
                log.assertNext("from the new primary");
                assertThat(subscription.reconnects()).isEqualTo(1);
            }
        }
    }
}
