package dev.howdah.benchmarks.vertx;

import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.NotificationTally;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.Semaphore;

/** The connection's notification handler, which runs on its event loop; a second connection has them sent. */
final class Listening implements Workload {

    private final Vertx vertx;
    private final PgConnection listening;
    private final PgConnection sending;
    private final boolean oneAtATime;

    Listening(Vertx vertx, Target target, boolean oneAtATime) throws Exception {
        this.vertx = vertx;
        this.listening = VertxClient.get(VertxClient.connect(vertx, target));
        this.sending = VertxClient.get(VertxClient.connect(vertx, target));
        this.oneAtATime = oneAtATime;
        VertxClient.get(listening.query("listen " + NotificationTally.CHANNEL).execute());
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws Exception {
        NotificationTally tally = new NotificationTally(count);
        Semaphore heard = new Semaphore(0);
        listening.notificationHandler(notification -> {
            tally.add(notification.getPayload());
            if (oneAtATime) {
                heard.release();
            }
        });
        if (oneAtATime) {
            for (int i = 0; i < count; i++) {
                long start = System.nanoTime();
                VertxClient.get(sending.preparedQuery("select pg_notify($1, $2)")
                        .execute(Tuple.of(NotificationTally.CHANNEL, NotificationTally.payload(i))));
                heard.acquire();
                latencies.set(i, System.nanoTime() - start);
            }
        } else {
            VertxClient.get(sending.query(NotificationTally.send(count)).execute());
        }
        tally.await();
        return Answer.of(tally);
    }

    @Override
    public void close() throws Exception {
        VertxClient.get(vertx.close());
    }
}
