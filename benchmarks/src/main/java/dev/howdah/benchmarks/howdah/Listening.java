package dev.howdah.benchmarks.howdah;

import dev.howdah.PgConnection;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.NotificationTally;
import dev.howdah.benchmarks.Workload;
import java.util.concurrent.Semaphore;

/** A listener that is called with each notification; a second connection has them sent. */
final class Listening implements Workload {

    private final PgConnection listening;
    private final PgConnection sending;
    private final boolean oneAtATime;
    private final Semaphore heard = new Semaphore(0);
    private volatile NotificationTally tally = new NotificationTally(0);

    /** Listens from now on, as the other clients do: the server tells each connection that listens of each notification. */
    Listening(PgConnection listening, PgConnection sending, boolean oneAtATime) {
        this.listening = listening;
        this.sending = sending;
        this.oneAtATime = oneAtATime;
        listening.addListener(NotificationTally.CHANNEL, (connection, notification) -> {
            tally.add(notification.payload());
            if (oneAtATime) {
                heard.release();
            }
        });
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws Exception {
        tally = new NotificationTally(count);
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
        tally.await();
        return Answer.of(tally);
    }

    @Override
    public void close() {
        listening.close();
        sending.close();
    }
}
