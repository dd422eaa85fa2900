package dev.howdah.pump;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a thread looks before it waits. */
class PatienceTest {

    private final Patience patience = new Patience();

    /** Returns how many of so many waits are preceded by a look. */
    private int tries(int waits, boolean come) {
        int tries = 0;
        for (int i = 0; i < waits; i++) {
            if (patience.isWorthwhile()) {
                tries++;
                patience.tried(come);
            }
        }
        return tries;
    }

    @Test
    void whereItHelpsItIsTriedEachTime() {
        assertThat(tries(1_000, true)).isEqualTo(1_000);
    }

    @Test
    void whereItDoesNotHelpItIsTriedNowAndThen() {
        tries(100, true);
        assertThat(tries(1_000 * (Patience.LEFT_OUT + 1), false)).isBetween(900, 1_100);
        assertThat(tries(Patience.LEFT_OUT + 1, true)).isPositive();
        assertThat(tries(1_000, true)).isEqualTo(1_000);
    }

    @Test
    void aFewFailuresAreForgiven() {
        tries(10, true);
        assertThat(tries(10, false)).isEqualTo(10);
        assertThat(tries(1, true)).isOne();
    }
}
