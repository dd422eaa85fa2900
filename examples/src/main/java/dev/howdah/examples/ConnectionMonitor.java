package dev.howdah.examples;

import dev.howdah.ConnectOptions;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.error.ConnectFailedException;
import dev.howdah.event.Termination;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Notices that a connection was lost, also while nobody uses it, and makes a new one. */
public final class ConnectionMonitor {

    private static final int MAX_TRIES = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private final ConnectOptions options;
    private final BlockingQueue<PgConnection> connections = new LinkedBlockingQueue<>();

    private ConnectionMonitor(ConnectOptions options) {
        this.options = options;
    }

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) throws InterruptedException {
        ConnectOptions options = ConnectOptions.parse(args.length > 0 ? args[0] : "");
        ConnectionMonitor monitor = new ConnectionMonitor(options);
        monitor.connect();
        try (PgConnection first = monitor.next()) {
            // Somebody ends the session behind our back; nobody uses it just then.
            try (PgConnection other = Howdah.connect(options)) {
                other.query("select pg_terminate_backend($1)", first.info().backendPid());
            }
            try (PgConnection second = monitor.next()) {
                System.out.println("Connected again: " + second.queryValue("select 'at work'", String.class));
            }
            System.out.println("The first one is " + first.info().status());
        }
    }

    // @start region=monitor
    private void connect() {
        PgConnection connection = Howdah.connect(options);
        connection.addTerminationListener(this::onTermination);
        connections.add(connection);
    }

    private void onTermination(Termination termination) {
        if (termination.cause() == null) {
            System.out.println("Closed by this program");
            return;
        }
        String reason = String.valueOf(termination.cause().getMessage());
        System.out.println("Lost: " + reason.lines().findFirst().orElse(""));
        Duration pause = FIRST_PAUSE;
        for (int tries = 1; tries <= MAX_TRIES; tries++) {
            try {
                connect();
                return;
            } catch (ConnectFailedException e) {
                System.out.println("Try " + tries + " failed: " + e.getMessage());
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            pause = pause.multipliedBy(2);
        }
        System.out.println("Gave up");
    }
    // @end

    private PgConnection next() throws InterruptedException {
        PgConnection connection = connections.poll(60, TimeUnit.SECONDS);
        if (connection == null) {
            throw new IllegalStateException("no connection came");
        }
        return connection;
    }
}
