package dev.howdah.pump;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeadlinesTest {

    private static final long SOON = Duration.ofMillis(30).toNanos();
    private static final long LATER = Duration.ofHours(1).toNanos();

    /** When it was looked who is late. */
    private final BlockingQueue<Long> looks = new LinkedBlockingQueue<>();
    /** How much later than that the next deadline is, in turn; then there is none. */
    private final BlockingQueue<Long> next = new LinkedBlockingQueue<>();

    private final Deadlines deadlines = new Deadlines(this::look);

    private long look(long now) {
        looks.add(now);
        Long pause = next.poll();
        return pause == null ? Long.MAX_VALUE : now + pause;
    }

    /** Waits for a look, which must not be before a time. */
    private void awaitLookSince(long deadline) throws InterruptedException {
        Long look = looks.poll(30, TimeUnit.SECONDS);
        assertThat(look).isNotNull();
        assertThat(look - deadline).isNotNegative();
    }

    /** Waits until whatever was to happen by then has happened. */
    private void awaitTime(long deadline) throws InterruptedException {
        BlockingQueue<Long> other = new LinkedBlockingQueue<>();
        new Deadlines(now -> {
                    other.add(now);
                    return Long.MAX_VALUE;
                })
                .note(deadline);
        assertThat(other.poll(30, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void itIsLookedWhenADeadlineComes() throws InterruptedException {
        long deadline = System.nanoTime() + SOON;
        deadlines.note(deadline);
        awaitLookSince(deadline);
        long past = System.nanoTime() - 1;
        deadlines.note(past);
        awaitLookSince(past);
    }

    @Test
    void laterDeadlinesCostNoLookOfTheirOwn() throws InterruptedException {
        long first = System.nanoTime() + SOON;
        for (int i = 0; i < 1_000; i++) {
            deadlines.note(first + i);
        }
        deadlines.note(Long.MAX_VALUE);
        awaitLookSince(first);
        awaitTime(first + SOON);
        assertThat(looks).isEmpty();
    }

    @Test
    void anEarlierDeadlineTakesTheTimersPlace() throws InterruptedException {
        deadlines.note(System.nanoTime() + LATER);
        long soon = System.nanoTime() + SOON;
        deadlines.note(soon);
        awaitLookSince(soon);
    }

    @Test
    void itIsLookedAgainForThoseWhoWaitLonger() throws InterruptedException {
        next.add(SOON);
        next.add(Deadlines.AGAIN);
        long first = System.nanoTime() + SOON;
        deadlines.note(first);
        awaitLookSince(first);
        awaitLookSince(first + SOON);
        awaitLookSince(first + SOON + Deadlines.AGAIN);
        awaitTime(System.nanoTime() + SOON);
        assertThat(looks).isEmpty();
    }

    @Test
    void nobodyIsLookedForAfterTheEnd() throws InterruptedException {
        long deadline = System.nanoTime() + SOON;
        deadlines.note(deadline);
        deadlines.close();
        deadlines.close();
        awaitTime(deadline + SOON);
        assertThat(looks).isEmpty();
    }

    @Test
    void theEarlierOfTwoMayBeNone() {
        long now = Long.MAX_VALUE - 1;
        assertThat(Deadlines.earlier(now, Long.MAX_VALUE)).isEqualTo(now);
        assertThat(Deadlines.earlier(Long.MAX_VALUE, now)).isEqualTo(now);
        assertThat(Deadlines.earlier(now + SOON, now))
                .as("past the clock's end")
                .isEqualTo(now);
        assertThat(Deadlines.earlier(Long.MAX_VALUE, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    }
}
