package dev.howdah.benchmarks.pgjdbc;

import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.NotificationTally;
import dev.howdah.benchmarks.Workload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** A thread that asks for notifications and waits for them up to a second at a time; a second connection has them sent. */
final class Listening implements Workload {

    private static final int WAIT_MILLIS = 1_000;

    /** One thread for all repetitions: the time of one that has ended would not be counted. */
    private final ExecutorService receiver =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

    private final Connection listening;
    private final Connection sending;
    private final boolean oneAtATime;

    Listening(Connection listening, Connection sending, boolean oneAtATime) throws SQLException {
        this.listening = listening;
        this.sending = sending;
        this.oneAtATime = oneAtATime;
        try (Statement listen = listening.createStatement()) {
            listen.execute("listen " + NotificationTally.CHANNEL);
        }
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws Exception {
        NotificationTally tally = new NotificationTally(count);
        Semaphore heard = new Semaphore(0);
        Future<NotificationTally> receiving = receiver.submit(receive(tally, heard));
        if (oneAtATime) {
            ping(count, heard, latencies);
        } else {
            try (Statement send = sending.createStatement()) {
                send.execute(NotificationTally.send(count));
            }
        }
        receiving.get();
        tally.await();
        return Answer.of(tally);
    }

    private Callable<NotificationTally> receive(NotificationTally tally, Semaphore heard) {
        return () -> {
            PGConnection connection = listening.unwrap(PGConnection.class);
            while (!tally.isComplete()) {
                PGNotification[] arrived = connection.getNotifications(WAIT_MILLIS);
                for (PGNotification notification : arrived == null ? new PGNotification[0] : arrived) {
                    tally.add(notification.getParameter());
                    if (oneAtATime) {
                        heard.release();
                    }
                }
            }
            return tally;
        };
    }

    private void ping(int count, Semaphore heard, Latencies latencies) throws SQLException, InterruptedException {
        try (PreparedStatement send = sending.prepareStatement("select pg_notify(?, ?)")) {
            send.setString(1, NotificationTally.CHANNEL);
            for (int i = 0; i < count; i++) {
                long start = System.nanoTime();
                send.setString(2, NotificationTally.payload(i));
                send.executeQuery().close();
                heard.acquire();
                latencies.set(i, System.nanoTime() - start);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        receiver.shutdownNow();
        listening.close();
        sending.close();
    }
}
