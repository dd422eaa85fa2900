package dev.howdah.pump;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When what comes is let gather. */
class BurstTest {

    private long now;
    private int pauses;
    private boolean mayPark = true;

    private final Burst burst = new Burst(() -> now, nanos -> {
        pauses++;
        now += nanos;
    });

    private void waits(int times, long nanos, int pieces) {
        for (int i = 0; i < times; i++) {
            burst.beforeWait(mayPark);
            now += nanos;
            burst.afterWait(pieces);
        }
    }

    @Test
    void whoWaitsForMessagesNowAndThenNeverWaitsLonger() {
        waits(1000, Burst.SHORT, 1);
        assertThat(pauses).isZero();
    }

    @Test
    void messagesThatComeWithoutAPauseGatherUntilOneComesAlone() {
        waits(Burst.STREAK, 0, 1);
        assertThat(pauses).isZero();
        waits(10, 0, 8);
        assertThat(pauses).isEqualTo(10);
        waits(1, 0, 1);
        assertThat(pauses).isEqualTo(11);
        waits(Burst.STREAK, 0, 1);
        assertThat(pauses).isEqualTo(11);
    }

    @Test
    void aWaitThatBringsNothingEndsABurst() {
        waits(Burst.STREAK, 0, 1);
        waits(1, 0, 0);
        waits(1, 0, 1);
        assertThat(pauses).isEqualTo(1);
    }

    @Test
    void aLongWaitBeginsAnew() {
        waits(Burst.STREAK - 1, 0, 1);
        waits(1, Burst.SHORT, 1);
        waits(Burst.STREAK, 0, 1);
        assertThat(pauses).isZero();
        waits(1, 0, 2);
        assertThat(pauses).isEqualTo(1);
    }

    @Test
    void aThreadThatMayNotBeParkedIsNot() {
        mayPark = false;
        waits(10 * Burst.STREAK, 0, 1);
        assertThat(pauses).isZero();
        mayPark = true;
        waits(1, 0, 2);
        assertThat(pauses).isEqualTo(1);
    }
}
