package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.PgException;
import dev.howdah.event.Gap;
import dev.howdah.event.Notification;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what a subscription tells, in order. */
class SubscriptionLog implements SubscriptionListener {

    private static final long PATIENCE_SECONDS = 60;

    final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

    record Connected(ConnectionInfo info) {}

    record Disconnected(PgException cause) {}

    record Failed(PgException failure, int attempt, Duration pause) {}

    record GivenUp(PgException failure) {}

    record Overflow(long lost) {}

    @Override
    public void onNotification(Notification notification) {
        events.add(notification);
    }

    @Override
    public void onGap(Gap gap) {
        events.add(gap);
    }

    @Override
    public void onConnected(ConnectionInfo info) {
        events.add(new Connected(info));
    }

    @Override
    public void onDisconnected(PgException cause) {
        events.add(new Disconnected(cause));
    }

    @Override
    public void onFailedAttempt(PgException failure, int attempt, Duration pause) {
        events.add(new Failed(failure, attempt, pause));
    }

    @Override
    public void onGivenUp(PgException failure) {
        events.add(new GivenUp(failure));
    }

    @Override
    public void onOverflow(long lost) {
        events.add(new Overflow(lost));
    }

    /** The next event, which has to be of this kind. */
    final <T> T next(Class<T> type) throws InterruptedException {
        Object next = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("what is told next").isInstanceOf(type);
        return type.cast(next);
    }

    final void assertNext(String payload) throws InterruptedException {
        assertThat(next(Notification.class).payload()).isEqualTo(payload);
    }

    /** The next connection, whatever failed attempts there are before. */
    final ConnectionInfo connected() throws InterruptedException {
        Object next = next(Object.class);
        while (next instanceof Failed) {
            next = next(Object.class);
        }
        assertThat(next).isInstanceOf(Connected.class);
        return ((Connected) next).info();
    }
}
