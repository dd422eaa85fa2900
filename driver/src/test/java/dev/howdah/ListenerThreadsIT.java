package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Listeners that are added and removed by many threads, and where somebody else uses the connection. */
class ListenerThreadsIT extends DriverContract {

    @Override
    boolean hearsWhileIdle() {
        return true;
    }

    private List<String> listening() {
        List<String> channels = new ArrayList<>();
        for (Row row : db.query("select pg_listening_channels()")) {
            channels.add(row.getString(0));
        }
        return channels;
    }

    private static void all(int threads, ThrowingIntTask task) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        CountDownLatch start = new CountDownLatch(1);
        for (int i = 0; i < threads; i++) {
            int thread = i;
            Callable<?> work = () -> {
                start.await();
                task.run(thread);
                return null;
            };
            all.add(elsewhere(work));
        }
        start.countDown();
        for (Future<?> one : all) {
            result(one);
        }
    }

    private interface ThrowingIntTask {
        void run(int thread) throws Exception;
    }

    @Test
    void fiftyThreadsAddAndRemoveAtOnceAndWhatStaysIsHeard() throws Exception {
        List<Heard> stay = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            stay.add(new Heard());
        }
        int rounds = place.amount(20, 4);
        all(50, thread -> {
            String channel = "c" + thread % 5;
            for (int round = 0; round < rounds; round++) {
                Heard passing = new Heard();
                db.addListener(channel, passing);
                db.removeListener(channel, passing);
            }
            db.addListener(channel, stay.get(thread));
        });
        assertThat(listening()).containsExactlyInAnyOrder("c0", "c1", "c2", "c3", "c4");
        for (int i = 0; i < 5; i++) {
            database().execute("notify c" + i + ", 'for " + i + "'");
        }
        for (int i = 0; i < 50; i++) {
            stay.get(i).assertNext("for " + i % 5);
            stay.get(i).assertNothingMore();
        }
        all(50, thread -> db.removeListener("c" + thread % 5, stay.get(thread)));
        assertThat(listening()).isEmpty();
    }

    @Test
    void theChannelIsAlwaysHeardByWhoCameWhileTheLastWent() throws Exception {
        for (int i = 0; i < place.amount(200, 20); i++) {
            Heard last = new Heard();
            Heard next = new Heard();
            db.addListener("c", last);
            all(2, thread -> {
                if (thread == 0) {
                    db.removeListener("c", last);
                } else {
                    db.addListener("c", next);
                }
            });
            db.execute("notify c, 'heard'");
            next.assertNext("heard");
            last.assertNothingMore();
            db.removeListener("c", next);
        }
        assertThat(listening()).isEmpty();
    }

    @Test
    void aThousandChannelsAreHeardAndListenedToAgain() throws Exception {
        int channels = place.amount(1_000, 100);
        Heard heard = new Heard();
        all(10, thread -> {
            for (int i = thread; i < channels; i += 10) {
                db.addListener("channel " + i, heard);
            }
        });
        for (String loss : List.of("select 1", "discard all", "begin; unlisten *; commit")) {
            db.execute(loss);
            assertThat(listening()).hasSize(channels);
            database()
                    .execute("select pg_notify('channel ' || i, i::text) from generate_series(0, " + (channels - 1)
                            + ") i");
            for (int i = 0; i < channels; i++) {
                heard.assertNext(Integer.toString(i));
            }
        }
        for (int i = 0; i < channels; i++) {
            db.removeListener("channel " + i, heard);
        }
        assertThat(listening()).isEmpty();
    }

    @Test
    void removingDoesNotWaitForTheTransactionOfAnotherThread() throws Exception {
        Heard heard = new Heard();
        db.addListener("c", heard);
        try (Transaction tx = db.begin()) {
            result(elsewhere(() -> {
                db.removeListener("c", heard);
                return null;
            }));
            Heard again = new Heard();
            db.addListener("c", again);
            tx.commit();
            database().execute("notify c, 'heard'");
            again.assertNext("heard");
        }
        heard.assertNothingMore();
        assertThat(listening()).containsExactly("c");
    }

    @Test
    void addingWaitsForTheTransactionOfAnotherThreadAndIsNotPartOfIt() throws Exception {
        Heard heard = new Heard();
        Future<?> adding;
        try (Transaction tx = db.begin()) {
            db.addListener("of the transaction", new Heard());
            adding = elsewhere(() -> {
                db.addListener("c", heard);
                db.addListener("of the transaction", heard);
                return null;
            });
            db.query("select 1");
            assertThat(adding.isDone()).isFalse();
        }
        result(adding);
        assertThat(listening()).containsExactlyInAnyOrder("c", "of the transaction");
        database().execute("notify \"of the transaction\", 'heard'");
        heard.assertNext("heard");
    }

    @Test
    void aCallbackAddsAndRemovesWhileOthersQuery() throws Exception {
        Heard later = new Heard();
        CountDownLatch added = new CountDownLatch(20);
        NotificationListener adding = (on, notification) -> {
            on.addListener("later", later);
            added.countDown();
        };
        db.addListener("c", adding);
        all(20, thread -> {
            db.query("select pg_notify('c', $1)", "n" + thread);
            db.query("select 1");
        });
        assertThat(added.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        database().execute("notify later, 'x'");
        for (int i = 0; i < 20; i++) {
            later.assertNext("x");
        }
    }
}
