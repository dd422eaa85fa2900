package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.pump.Backoff;
import dev.howdah.testkit.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a subscription tries again, and when it probes: without a server, on a clock that the test moves. */
class SubscriptionTimingTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static List<Long> failures(Backoff backoff, int count) {
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pauses.add(backoff.failed().toMillis());
        }
        return pauses;
    }

    @Test
    void theLimitOfPausesDoublesUpToTheLongest() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(3), () -> 1.0);
        assertThat(failures(backoff, 7)).containsExactly(100L, 200L, 400L, 800L, 1600L, 3000L, 3000L);
        assertThat(failures(backoff, 1000)).containsOnly(3000L);
    }

    @Test
    void pausesAreAnythingBelowTheLimit() {
        assertThat(failures(new Backoff(SECOND, SECOND, () -> 0.0), 3)).containsOnly(0L);
        assertThat(failures(new Backoff(SECOND, SECOND, () -> 0.25), 3)).containsOnly(250L);
    }

    @Test
    void afterAConnectionThatLivedTheFirstTryIsAtOnce() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30), () -> 1.0);
        failures(backoff, 5);
        assertThat(backoff.lost(Duration.ofMinutes(1))).isZero();
        assertThat(failures(backoff, 2)).containsExactly(100L, 200L);
    }

    @Test
    void aServerThatEndsEachConnectionAtOnceIsLeftAloneForLongerAndLonger() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30), () -> 1.0);
        assertThat(backoff.lost(Duration.ofMillis(1))).hasMillis(100);
        assertThat(backoff.lost(Duration.ofMillis(1))).hasMillis(200);
        assertThat(backoff.lost(Duration.ofMillis(1))).hasMillis(400);
        assertThat(backoff.lost(Duration.ofMillis(800))).isZero();
    }

    @Test
    void aSilentConnectionIsProbedAndGivenUpInTime() {
        TestClock clock = new TestClock();
        ProbeTimer timer = new ProbeTimer(SECOND.multipliedBy(10), SECOND.multipliedBy(5), clock.getAsLong());
        assertThat(timer.isDue(clock.getAsLong())).isFalse();
        assertThat(timer.nanosToWait(clock.getAsLong()))
                .isEqualTo(SECOND.multipliedBy(10).toNanos());
        clock.advance(SECOND.multipliedBy(10));
        assertThat(timer.isDue(clock.getAsLong())).isTrue();
        timer.sent(clock.getAsLong());
        assertThat(timer.isDue(clock.getAsLong())).isFalse();
        assertThat(timer.nanosToWait(clock.getAsLong()))
                .isEqualTo(SECOND.multipliedBy(5).toNanos());
        clock.advance(SECOND.multipliedBy(4));
        assertThat(timer.isDead(clock.getAsLong())).isFalse();
        clock.advance(SECOND);
        assertThat(timer.isDead(clock.getAsLong())).isTrue();
    }

    @Test
    void anAnswerEndsTheWaitAndTheNextProbeComesAnIntervalAfterTheLast() {
        TestClock clock = new TestClock();
        ProbeTimer timer = new ProbeTimer(SECOND.multipliedBy(10), SECOND.multipliedBy(5), clock.getAsLong());
        clock.advance(SECOND.multipliedBy(10));
        timer.sent(clock.getAsLong());
        clock.advance(SECOND);
        timer.answered();
        clock.advance(SECOND.multipliedBy(7));
        assertThat(timer.isDead(clock.getAsLong())).isFalse();
        assertThat(timer.isDue(clock.getAsLong())).isFalse();
        assertThat(timer.nanosToWait(clock.getAsLong()))
                .isEqualTo(SECOND.multipliedBy(2).toNanos());
        clock.advance(SECOND.multipliedBy(2));
        assertThat(timer.isDue(clock.getAsLong())).isTrue();
    }

    @Test
    void notificationsThatComeBeforeTheAnswerAreASignOfLife() {
        TestClock clock = new TestClock();
        ProbeTimer timer = new ProbeTimer(SECOND, SECOND.multipliedBy(5), clock.getAsLong());
        clock.advance(SECOND);
        timer.sent(clock.getAsLong());
        clock.advance(SECOND.multipliedBy(4));
        timer.heard(clock.getAsLong());
        clock.advance(SECOND.multipliedBy(4));
        assertThat(timer.isDead(clock.getAsLong())).isFalse();
        assertThat(timer.nanosToWait(clock.getAsLong())).isEqualTo(SECOND.toNanos());
        clock.advance(SECOND);
        assertThat(timer.isDead(clock.getAsLong())).isTrue();
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        SubscriptionOptions options = SubscriptionOptions.DEFAULT;
        for (Runnable refused : List.<Runnable>of(
                () -> options.withPauses(Duration.ZERO, SECOND),
                () -> options.withPauses(SECOND, SECOND.negated()),
                () -> options.withPauses(SECOND.multipliedBy(2), SECOND),
                () -> options.withPauses(SECOND, Duration.ofDays(2)),
                () -> options.withGiveUpAfter(Duration.ZERO),
                () -> options.withProbes(Duration.ZERO, SECOND),
                () -> options.withProbes(SECOND, Duration.ofDays(1000)),
                () -> options.withQueueCapacity(0))) {
            assertThatThrownBy(refused::run).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void eachSettingLeavesTheOthersAsTheyWere() {
        SubscriptionOptions options = SubscriptionOptions.DEFAULT
                .withPauses(Duration.ofMillis(1), Duration.ofMillis(2))
                .withGiveUpAfter(Duration.ofMillis(3))
                .withProbes(Duration.ofMillis(4), Duration.ofMillis(5))
                .withQueueCapacity(6)
                .withConnectInBackground(true)
                .withExecutor(Runnable::run)
                .withPauses(Duration.ofMillis(7), Duration.ofMillis(8));
        assertThat(options.firstPause()).hasMillis(7);
        assertThat(options.longestPause()).hasMillis(8);
        assertThat(options.giveUpAfter()).hasMillis(3);
        assertThat(options.probeInterval()).hasMillis(4);
        assertThat(options.probeTimeout()).hasMillis(5);
        assertThat(options.queueCapacity()).isEqualTo(6);
        assertThat(options.connectInBackground()).isTrue();
        assertThat(options.executor()).isNotNull();
        assertThat(SubscriptionOptions.DEFAULT.giveUpAfter()).isNull();
        assertThat(SubscriptionOptions.DEFAULT.probeInterval()).hasSeconds(10);
        assertThat(SubscriptionOptions.DEFAULT.probeTimeout()).hasSeconds(5);
        assertThat(SubscriptionOptions.DEFAULT.longestPause()).hasSeconds(30);
    }
}
