package dev.howdah.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RunLengthsTest {

    @Test
    void twoMillionEqualNumbersAreOneRun() {
        RunLengths counts = new RunLengths();
        for (int i = 0; i < 2_000_000; i++) {
            counts.add(1, 1);
        }
        assertThat(counts.size()).isEqualTo(2_000_000);
        assertThat(counts.runs()).isEqualTo(1);
        assertThat(counts.get(1_999_999)).isEqualTo(1);
        assertThat(counts.sumBefore(1_999_999)).isEqualTo(1_999_999);
    }

    @Test
    void everyNumberIsFoundAgain() {
        Random random = new Random(5);
        RunLengths counts = new RunLengths();
        long[] expected = new long[20_000];
        int size = 0;
        while (size < expected.length - 10) {
            long value = random.nextInt(4) - 1L;
            int times = 1 + random.nextInt(5);
            counts.add(value, times);
            for (int i = 0; i < times; i++) {
                expected[size++] = value;
            }
        }
        assertThat(counts.size()).isEqualTo(size);
        long before = 0;
        for (int i = 0; i < size; i++) {
            assertThat(counts.get(i)).isEqualTo(expected[i]);
            assertThat(counts.sumBefore(i)).isEqualTo(before);
            before += Math.max(0, expected[i]);
        }
        assertThatThrownBy(() -> counts.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> counts.get(counts.size())).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
