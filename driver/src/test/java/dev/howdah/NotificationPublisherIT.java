package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.event.Notification;
import dev.howdah.event.NotificationOverflowException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Notifications as a stream of events, by the rules of Reactive Streams. */
class NotificationPublisherIT extends DriverContract {

    @Override
    boolean hearsWhileIdle() {
        return true;
    }

    /** Keeps all signals as text, in order. */
    private static class Signals implements Flow.Subscriber<Notification> {
        private final BlockingQueue<String> signals = new LinkedBlockingQueue<>();
        private final CompletableFuture<Throwable> error = new CompletableFuture<>();
        private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
        private final long first;

        Signals(long first) {
            this.first = first;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            signals.add("subscribed");
            subscription.complete(given);
            if (first != 0) {
                given.request(first);
            }
        }

        @Override
        public void onNext(Notification notification) {
            signals.add(notification.payload());
        }

        @Override
        public void onError(Throwable cause) {
            signals.add("error");
            error.complete(cause);
        }

        @Override
        public void onComplete() {
            signals.add("complete");
        }

        void assertNext(String... expected) throws InterruptedException {
            for (String one : expected) {
                assertThat(signals.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(one);
            }
        }

        Flow.Subscription subscription() throws Exception {
            return subscription.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        Throwable error() throws Exception {
            return error.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static Signals subscribe(PgConnection connection, long first) {
        Signals signals = new Signals(first);
        connection.notifications().publisher().subscribe(signals);
        return signals;
    }

    private void send(String... payloads) {
        for (String payload : payloads) {
            database().execute("notify c, '" + payload + "'");
        }
    }

    @Test
    void eachSubscriberGetsWhatComesFromItsSubscriptionOn() throws Exception {
        db.execute("listen c");
        Signals early = subscribe(db, Long.MAX_VALUE);
        early.assertNext("subscribed");
        send("1");
        early.assertNext("1");
        Signals late = subscribe(db, Long.MAX_VALUE);
        late.assertNext("subscribed");
        send("2");
        early.assertNext("2");
        late.assertNext("2");
        late.subscription().cancel();
        send("3");
        early.assertNext("3");
        assertThat(late.signals).isEmpty();
        assertThat(db.notifications().publisher()).isSameAs(db.notifications().publisher());
    }

    @Test
    void listenersAndThePollingViewGetTheirsBesideIt() throws Exception {
        Heard heard = new Heard();
        db.addListener("c", heard);
        Notifications polled = db.notifications();
        Signals signals = subscribe(db, Long.MAX_VALUE);
        db.execute("notify c, 'own'");
        heard.assertNext("own");
        signals.assertNext("subscribed", "own");
        assertThat(polled.poll()).isEqualTo(new Notification(db.info().backendPid(), "c", "own"));
    }

    @Test
    void nothingIsGivenThatWasNotAskedFor() throws Exception {
        db.execute("listen c");
        Signals signals = subscribe(db, 0);
        signals.assertNext("subscribed");
        send("1", "2", "3");
        signals.subscription().request(2);
        signals.assertNext("1", "2");
        db.execute("notify c, '4'");
        assertThat(signals.signals).isEmpty();
        signals.subscription().request(10);
        signals.assertNext("3", "4");
    }

    @Test
    void whoAsksForNoneOrFewerIsToldSo() throws Exception {
        db.execute("listen c");
        for (long wrong : new long[] {0, -1, Long.MIN_VALUE}) {
            Signals signals = subscribe(db, Long.MAX_VALUE);
            signals.assertNext("subscribed");
            signals.subscription().request(wrong);
            signals.assertNext("error");
            assertThat(signals.error())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("" + wrong);
            db.execute("notify c, 'x'");
            signals.subscription().request(1);
            signals.subscription().cancel();
            assertThat(signals.signals).isEmpty();
        }
        assertThatThrownBy(() -> db.notifications().publisher().subscribe(null))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void whoIsTooSlowIsToldHowManyAreLostAndTheOthersAreNot() throws Exception {
        PgConnection small = connect(options().toBuilder().notificationQueue(5).build());
        small.execute("listen c");
        Signals slow = subscribe(small, 0);
        Signals fast = subscribe(small, Long.MAX_VALUE);
        slow.assertNext("subscribed");
        fast.assertNext("subscribed");
        for (int i = 1; i <= 6; i++) {
            small.execute("notify c, '" + i + "'");
            fast.assertNext(Integer.toString(i));
        }
        slow.assertNext("error");
        assertThat(slow.error())
                .isInstanceOfSatisfying(
                        NotificationOverflowException.class,
                        e -> assertThat(e.lost()).isEqualTo(6))
                .hasMessageContaining("6");
        small.execute("notify c, '7'");
        fast.assertNext("7");
        assertThat(slow.signals).isEmpty();
    }

    @Test
    void completesAfterTheLastWhenTheConnectionIsClosed() throws Exception {
        PgConnection closed = connect();
        expectLost(closed);
        closed.execute("listen c");
        Signals signals = subscribe(closed, 1);
        Signals none = subscribe(closed, 0);
        signals.assertNext("subscribed");
        none.assertNext("subscribed");
        closed.execute("notify c, '1'; notify c, '2'");
        signals.assertNext("1");
        closed.close();
        signals.subscription().request(1);
        signals.assertNext("2", "complete");
        none.subscription().request(Long.MAX_VALUE);
        none.assertNext("1", "2", "complete");
        subscribe(closed, 0).assertNext("subscribed", "complete");
    }

    @Test
    void endsWithTheCauseWhenTheConnectionIsLost() throws Exception {
        PgConnection lost = connect();
        expectLost(lost);
        Signals signals = subscribe(lost, 1);
        signals.assertNext("subscribed");
        database().execute("select pg_terminate_backend(" + lost.info().backendPid() + ")");
        signals.assertNext("error");
        assertThat(signals.error()).isInstanceOf(ConnectionLostException.class).hasMessageContaining("57P01");
        Signals late = subscribe(lost, 0);
        late.assertNext("subscribed", "error");
        assertThat(late.error()).isSameAs(signals.error());
    }

    @Test
    void aSubscriberThatThrowsEndsItsOwnSubscriptionOnly() throws Exception {
        db.execute("listen c");
        List<String> got = new ArrayList<>();
        Signals thrower = new Signals(Long.MAX_VALUE) {
            @Override
            public void onNext(Notification notification) {
                got.add(notification.payload());
                throw new IllegalStateException("thrown on purpose by a test");
            }
        };
        db.notifications().publisher().subscribe(thrower);
        Signals other = subscribe(db, Long.MAX_VALUE);
        other.assertNext("subscribed");
        send("1", "2");
        other.assertNext("1", "2");
        assertThat(got).isSubsetOf("1");
    }

    @Test
    void aSubscriberMayAskAndCancelAndQueryWithinASignal() throws Exception {
        db.execute("listen c");
        BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();
        db.notifications().publisher().subscribe(new Flow.Subscriber<>() {
            private Flow.@Nullable Subscription subscription;
            private int taken;

            @Override
            public void onSubscribe(Flow.Subscription given) {
                subscription = given;
                given.request(1);
            }

            @Override
            public void onNext(Notification notification) {
                answers.add(db.queryValue("select $1::int", Integer.class, Integer.valueOf(notification.payload())));
                taken++;
                if (subscription != null && taken == 3) {
                    subscription.cancel();
                } else if (subscription != null) {
                    subscription.request(1);
                }
            }

            @Override
            public void onError(Throwable cause) {
                throw new AssertionError(cause);
            }

            @Override
            public void onComplete() {
                answers.add(-1);
            }
        });
        send("1", "2", "3", "4");
        for (int i = 1; i <= 3; i++) {
            assertThat(answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(i);
        }
    }
}
