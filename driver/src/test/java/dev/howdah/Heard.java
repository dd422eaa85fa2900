package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.event.Notification;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A listener that keeps what it hears for a test to take. */
final class Heard implements NotificationListener {

    private final BlockingQueue<Notification> queue = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> overflows = new LinkedBlockingQueue<>();

    @Override
    public void onNotification(PgConnection connection, Notification notification) {
        queue.add(notification);
    }

    @Override
    public void onOverflow(PgConnection connection, long lost) {
        overflows.add(lost);
        queue.add(new Notification(0, "overflow", Long.toString(lost)));
    }

    Notification next() throws InterruptedException {
        Notification next = queue.poll(DriverContract.PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no notification came");
        }
        return next;
    }

    void assertNext(String payload) throws InterruptedException {
        assertThat(next().payload()).isEqualTo(payload);
    }

    /** Asserts that nothing has been heard that was not taken. */
    void assertNothingMore() {
        assertThat(queue).isEmpty();
    }

    BlockingQueue<Long> overflows() {
        return overflows;
    }
}
