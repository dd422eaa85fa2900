package dev.howdah.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SeededRandomTest {

    @Test
    void aFailureNamesItsSeed() {
        AtomicLong seed = new AtomicLong();
        assertThatThrownBy(() -> SeededRandom.check(100, random -> {
                    seed.set(random.seed());
                    assertThat(random.nextInt(10)).isNotEqualTo(3);
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("howdah.test.seed=" + seed.get());
        assertThat(new SeededRandom(seed.get()).nextInt(10)).isEqualTo(3);
    }

    @Test
    void textSurvivesUtf8AndHasNoNul() {
        SeededRandom.check(200, random -> {
            String text = random.text(50);
            assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(text)
                    .doesNotContain("\0");
        });
    }
}
