package dev.howdah.pump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.ConfigException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetriesTest {

    private final PgException lost = new ConnectionLostException("gone", null, Delivery.UNKNOWN, null);
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** As a clock that is about to pass the largest number may say. */
    private long now = Long.MAX_VALUE - 10;

    private Retries retries(@Nullable Duration giveUpAfter) {
        return new Retries(new Backoff(SECOND, SECOND.multipliedBy(60), () -> 0.5), giveUpAfter, () -> now);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void pausesGrowUntilAConnectionHasDoneItsWork() {
        Retries retries = retries(null);
        assertThat(retries.next(lost, now, false)).isEqualTo(Duration.ofMillis(500));
        assertThat(retries.next(lost, now, false)).isEqualTo(SECOND);
        assertThat(retries.next(lost, now, false)).isEqualTo(SECOND.multipliedBy(2));
        long begun = now;
        pass(SECOND.multipliedBy(60));
        assertThat(retries.next(lost, begun, true)).isZero();
        assertThat(retries.next(lost, now, false)).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void oneThatLivesForAMomentOnlyDoesNotEndThePauses() {
        Retries retries = retries(null);
        assertThat(retries.next(lost, now, false)).isEqualTo(Duration.ofMillis(500));
        assertThat(retries.next(lost, now, true)).isEqualTo(SECOND);
    }

    @Test
    void itGivesUpSomeTimeAfterTheLastSuccess() {
        Retries retries = retries(SECOND.multipliedBy(10));
        pass(SECOND.multipliedBy(10));
        assertThat(retries.next(lost, now, true)).isNotNull();
        pass(SECOND.multipliedBy(10));
        assertThat(retries.next(lost, now, false)).isNotNull();
        pass(Duration.ofNanos(1));
        assertThat(retries.next(lost, now, false)).isNull();
    }

    @Test
    void aLimitThatNoClockReachesIsNone() {
        Retries retries = retries(Duration.ofSeconds(Long.MAX_VALUE));
        pass(Duration.ofDays(20_000));
        assertThat(retries.next(lost, now, false)).isNotNull();
    }

    @Test
    void whatWillNotPassIsNotTriedAgain() {
        PgException wrong = new ConfigException("port", "is no number");
        assertThat(retries(null).next(wrong, now, false)).isNull();
    }

    @Test
    void closingEndsAPause() throws Exception {
        Retries retries = retries(null);
        AtomicBoolean open = new AtomicBoolean(true);
        Thread pausing = Thread.ofPlatform().start(() -> {
            retries.pause(Duration.ofDays(1));
            open.set(retries.isOpen());
        });
        retries.close();
        assertThat(pausing.join(Duration.ofSeconds(60))).isTrue();
        assertThat(open).isFalse();
    }

    @Test
    void anInterruptEndsAPauseAndNoMore() {
        Retries retries = retries(null);
        Thread.currentThread().interrupt();
        retries.pause(Duration.ofDays(1));
        assertThat(Thread.interrupted()).isFalse();
        assertThat(retries.isOpen()).isTrue();
    }
}
