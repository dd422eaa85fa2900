package dev.howdah.benchmarks.howdah;

import dev.howdah.Notifications;
import dev.howdah.PgConnection;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.NotificationTally;
import dev.howdah.benchmarks.Workload;
import dev.howdah.event.Notification;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** A platform thread that waits for notifications; a second connection has them sent. */
final class Taking implements Workload {

    private static final Duration WAIT = Duration.ofSeconds(1);

    /** One thread for all repetitions: the time of one that has ended would not be counted. */
    private final ExecutorService taker =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

    private final PgConnection listening;
    private final PgConnection sending;
    private final boolean oneAtATime;

    Taking(PgConnection listening, PgConnection sending, boolean oneAtATime) {
        this.listening = listening;
        this.sending = sending;
        this.oneAtATime = oneAtATime;
        listening.execute("listen " + NotificationTally.CHANNEL);
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws Exception {
        NotificationTally tally = new NotificationTally(count);
        Semaphore heard = new Semaphore(0);
        Future<?> taking = taker.submit(() -> take(tally, heard));
        if (oneAtATime) {
            for (int i = 0; i < count; i++) {
                long start = System.nanoTime();
                sending.query("select pg_notify($1, $2)", NotificationTally.CHANNEL, NotificationTally.payload(i));
                heard.acquire();
                latencies.set(i, System.nanoTime() - start);
            }
        } else {
            sending.execute(NotificationTally.send(count));
        }
        taking.get();
        tally.await();
        return Answer.of(tally);
    }

    private void take(NotificationTally tally, Semaphore heard) {
        Notifications notifications = listening.notifications();
        while (!tally.isComplete()) {
            Notification next = notifications.poll(WAIT);
            if (next != null) {
                tally.add(next.payload());
                if (oneAtATime) {
                    heard.release();
                }
            }
        }
    }

    @Override
    public void close() {
        taker.shutdownNow();
        listening.close();
        sending.close();
    }
}
