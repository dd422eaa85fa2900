package dev.howdah.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestClockTest {

    private final TestClock clock = new TestClock();
    private final List<String> ran = new ArrayList<>();

    @Test
    void tasksRunInTheOrderOfTheirTimeEvenWhenTheClockOverflows() {
        long start = clock.getAsLong();
        clock.schedule(Duration.ofSeconds(3), () -> ran.add("third"));
        clock.schedule(Duration.ofSeconds(2), () -> ran.add("second"));
        clock.schedule(Duration.ofMillis(1), () -> {
            ran.add("first");
            clock.schedule(Duration.ofMillis(1), () -> ran.add("of the first"));
        });
        clock.advance(Duration.ofMillis(2_500));
        assertThat(ran).containsExactly("first", "of the first", "second");
        assertThat(clock.getAsLong() - start).isEqualTo(2_500_000_000L);
        assertThat(clock.waiting()).isEqualTo(1);
        assertThat(clock.nextDeadline().orElseThrow() - clock.getAsLong()).isEqualTo(500_000_000L);
    }

    @Test
    void aCancelledTaskDoesNotRun() {
        TestClock.Scheduled task = clock.schedule(Duration.ofSeconds(1), () -> ran.add("cancelled"));
        assertThat(task.cancel()).isTrue();
        assertThat(task.cancel()).isFalse();
        clock.advance(Duration.ofSeconds(5));
        assertThat(ran).isEmpty();
        assertThat(clock.nextDeadline()).isEmpty();
    }
}
