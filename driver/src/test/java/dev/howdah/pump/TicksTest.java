package dev.howdah.pump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TicksTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private long now = 1_000;
    private final Ticks ticks = new Ticks(() -> now);
    private final List<String> ticked = new ArrayList<>();

    /** Begins something that is due again after each of these pauses. */
    private void begin(String name, long first, long... pauses) {
        ticks.begin(
                new Ticks.Ticker() {
                    private int calls;

                    @Override
                    public long tick() {
                        ticked.add(name);
                        return calls < pauses.length ? pauses[calls++] : OVER;
                    }
                },
                first);
    }

    private List<String> run() {
        ticked.clear();
        ticks.run();
        return List.copyOf(ticked);
    }

    @Test
    void whatIsDueIsDoneInItsOrderAndAgainAfterThePauseItAsksFor() {
        begin("a", 3 * MILLI, 2 * MILLI);
        begin("b", 2 * MILLI, 4 * MILLI);
        assertThat(run()).isEmpty();
        assertThat(ticks.millis()).isEqualTo(2);
        now += 2 * MILLI;
        assertThat(run()).containsExactly("b");
        assertThat(ticks.millis()).isEqualTo(1);
        now += MILLI;
        assertThat(run()).containsExactly("a");
        now += 3 * MILLI;
        assertThat(run()).containsExactly("a", "b");
        assertThat(ticks.isEmpty()).isTrue();
        assertThat(ticks.millis()).isZero();
    }

    @Test
    void whatIsNearlyDueIsDoneAtOnce() {
        begin("a", MILLI);
        begin("b", MILLI + Ticks.SOON - 1);
        begin("c", MILLI + Ticks.SOON);
        now += MILLI;
        assertThat(run()).containsExactly("a", "b");
        assertThat(ticks.millis()).as("a wait without end would be 0").isEqualTo(1);
    }

    @Test
    void whatAsksForNoPauseLetsTheLoopLookAtItsChannels() {
        begin("a", 0, 0, 0);
        assertThat(run()).containsExactly("a");
        assertThat(run()).isEmpty();
        now += MILLI;
        assertThat(run()).containsExactly("a");
    }

    @Test
    void whatFailsIsForgottenAndTheOthersGoOn() {
        ticks.begin(
                () -> {
                    throw new IllegalStateException("on purpose");
                },
                MILLI);
        begin("b", MILLI, MILLI);
        now += MILLI;
        assertThat(run()).containsExactly("b");
        now += MILLI;
        assertThat(run()).containsExactly("b");
        assertThat(ticks.isEmpty()).isTrue();
    }
}
