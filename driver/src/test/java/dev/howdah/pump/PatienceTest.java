package dev.howdah.pump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** When a virtual thread lets others run before it waits. */
class PatienceTest {

    private final Patience patience = new Patience();

    private static <T> T onVirtualThread(Callable<T> task) throws Exception {
        FutureTask<T> running = new FutureTask<>(task);
        Thread.ofVirtual().start(running);
        return running.get();
    }

    /** Returns how many of so many waits are tried without waiting first. */
    private int tries(int waits, boolean come) throws Exception {
        return onVirtualThread(() -> {
            int tries = 0;
            for (int i = 0; i < waits; i++) {
                if (patience.isWorthwhile()) {
                    tries++;
                    patience.tried(come);
                }
            }
            return tries;
        });
    }

    @Test
    void platformThreadsJustWait() {
        assertThat(patience.isWorthwhile()).isFalse();
    }

    @Test
    void whereItHelpsItIsTriedEachTime() throws Exception {
        assertThat(tries(1_000, true)).isEqualTo(1_000);
    }

    @Test
    void whereItDoesNotHelpItIsTriedNowAndThen() throws Exception {
        tries(100, true);
        assertThat(tries(1_000 * (Patience.LEFT_OUT + 1), false)).isBetween(900, 1_100);
        assertThat(tries(Patience.LEFT_OUT + 1, true)).isPositive();
        assertThat(tries(1_000, true)).isEqualTo(1_000);
    }

    @Test
    void aFewFailuresAreForgiven() throws Exception {
        tries(10, true);
        assertThat(tries(10, false)).isEqualTo(10);
        assertThat(tries(1, true)).isOne();
    }
}
