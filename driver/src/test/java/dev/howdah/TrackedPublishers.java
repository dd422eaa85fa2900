package dev.howdah;

import dev.howdah.testkit.Await;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Knows whether the subscribers of some publishers have had their last signal. The test kit leaves subscriptions open, and
 * what they are told when their connection is closed would be taken for a fault of the test that comes next.
 */
final class TrackedPublishers {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final AtomicInteger open = new AtomicInteger();

    <T> Flow.Publisher<T> track(Flow.Publisher<T> publisher) {
        // The kit also tries null, which is the publisher's to refuse.
        return subscriber -> publisher.subscribe(subscriber == null ? null : new Tracked<T>(subscriber));
    }

    void awaitEnds() {
        Await.until("all subscribers have had their last signal", PATIENCE, () -> open.get() == 0);
    }

    private final class Tracked<T> implements Flow.Subscriber<T> {
        private final Flow.Subscriber<? super T> subscriber;
        private final AtomicBoolean ended = new AtomicBoolean();

        Tracked(Flow.Subscriber<? super T> subscriber) {
            this.subscriber = subscriber;
            open.incrementAndGet();
        }

        private void end() {
            if (ended.compareAndSet(false, true)) {
                open.decrementAndGet();
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscriber.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long n) {
                    subscription.request(n);
                }

                @Override
                public void cancel() {
                    subscription.cancel();
                    end();
                }
            });
        }

        @Override
        public void onNext(T item) {
            subscriber.onNext(item);
        }

        @Override
        public void onError(Throwable failure) {
            subscriber.onError(failure);
            end();
        }

        @Override
        public void onComplete() {
            subscriber.onComplete();
            end();
        }
    }
}
