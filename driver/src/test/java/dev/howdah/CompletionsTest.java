package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stages that are completed one after the other, and code that depends on them and waits. */
@Timeout(60)
class CompletionsTest {

    @Test
    void whatWaitsForALaterStageWaitsInVainNotEvenIfAllWereThereBeforeTheFirst() throws Exception {
        BlockingQueue<Runnable> held = new LinkedBlockingQueue<>();
        Completions completions = new Completions(held::add);
        CountDownLatch later = new CountDownLatch(1);
        AtomicBoolean waited = new AtomicBoolean();
        CountDownLatch end = new CountDownLatch(1);
        completions.add(() -> {
            try {
                waited.set(later.await(30, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                end.countDown();
            }
        });
        completions.add(() -> {});
        completions.add(later::countDown);

        // Nothing has run until now, and nothing more is added.
        Thread running = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Thread.startVirtualThread(held.take());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        end.await();
        running.interrupt();
        running.join();

        assertThat(waited).isTrue();
    }
}
