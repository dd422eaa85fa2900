package dev.howdah.cli;

import dev.howdah.Subscription;
import dev.howdah.SubscriptionListener;
import dev.howdah.error.PgException;
import dev.howdah.event.Gap;
import dev.howdah.event.Notification;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code howdah listen}. */
@Command(
        name = "listen",
        description = "Print notifications as the server sends them: time, channel, the sender's process ID, payload."
                + " A lost connection is made anew, and the time in which nothing was heard is told. Ctrl-C ends it.")
final class ListenCommand extends ConnectedCommand {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

    @Parameters(arity = "1..*", paramLabel = "CHANNEL", description = "The channels' names, exactly as they are.")
    private List<String> channels = new ArrayList<>();

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "End after so many notifications.")
    private @Nullable Integer count;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "End with exit code 4 when no (further) notification comes for so long, as in 500ms, 2.5s or"
                    + " 1min.")
    private @Nullable Duration timeout;

    @Option(
            names = "--json",
            description =
                    "Print one JSON object a line: time, channel, pid, payload; for a gap event, from, until, cause.")
    private boolean json;

    @Option(
            names = "--no-reconnect",
            description = "End with exit code 3 when the connection is lost, instead of making a new one.")
    private boolean noReconnect;

    ListenCommand(Surroundings around) {
        super(around);
    }

    /** What came, in order. */
    private sealed interface Arrival {

        record Heard(Instant time, Notification notification) implements Arrival {}

        record Deaf(Gap gap) implements Arrival {}

        record Lost(PgException cause) implements Arrival {}

        record Failed(PgException failure, Duration pause) implements Arrival {}

        record Overflow(long lost) implements Arrival {}
    }

    /** Hands over what comes to the thread that prints it, and waits while that is slow. */
    private static final class Hearing implements SubscriptionListener {

        private static final int CAPACITY = 1000;

        private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>(CAPACITY);
        private volatile boolean over;

        private void put(Arrival arrival) {
            if (over) {
                return;
            }
            try {
                arrivals.put(arrival);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Nobody prints any more; whoever waits goes on. */
        void over() {
            over = true;
            arrivals.clear();
        }

        @Override
        public void onNotification(Notification notification) {
            put(new Arrival.Heard(Instant.now(), notification));
        }

        @Override
        public void onGap(Gap gap) {
            put(new Arrival.Deaf(gap));
        }

        @Override
        public void onDisconnected(PgException cause) {
            put(new Arrival.Lost(cause));
        }

        @Override
        public void onFailedAttempt(PgException failure, int attempt, Duration pause) {
            put(new Arrival.Failed(failure, pause));
        }

        @Override
        public void onOverflow(long lost) {
            put(new Arrival.Overflow(lost));
        }
    }

    @Override
    int run(Target target) {
        Hearing hearing = new Hearing();
        try (Subscription subscription = subscribe(target, hearing)) {
            Embedded server = target.server();
            remark("listening on " + String.join(", ", channels)
                    + (server == null ? "" : "; the server is " + server.uriWithoutPassword()));
            try {
                return await(hearing.arrivals);
            } finally {
                // Before the subscription is closed, which waits for a callback that waits for us.
                hearing.over();
            }
        }
    }

    private Subscription subscribe(Target target, Hearing hearing) {
        try {
            return target.subscribe(new LinkedHashSet<>(channels), hearing);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private int await(BlockingQueue<Arrival> arrivals) {
        int left = count == null ? Integer.MAX_VALUE : count;
        long heard = System.nanoTime();
        try {
            while (left > 0) {
                Arrival arrival = timeout == null
                        ? arrivals.take()
                        : arrivals.poll(heard + timeout.toNanos() - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (arrival == null) {
                    remark("no notification came in time");
                    return ExitCode.STOPPED;
                }
                print(arrival);
                if (arrival instanceof Arrival.Heard) {
                    heard = System.nanoTime();
                    left -= count == null ? 0 : 1;
                }
            }
        } catch (InterruptedException e) {
            // Ctrl-C, the usual way to end it. The interrupt has done its work: closing must not be cut short by it.
            return ExitCode.OK;
        }
        return ExitCode.OK;
    }

    private void print(Arrival arrival) {
        switch (arrival) {
            case Arrival.Heard heard -> print(heard.time(), heard.notification());
            case Arrival.Deaf deaf -> print(deaf.gap());
            case Arrival.Lost lost -> {
                if (noReconnect) {
                    throw lost.cause();
                }
                dimRemark(text(lost.cause()) + "; connecting again");
            }
            case Arrival.Failed failed ->
                dimRemark(text(failed.failure()) + "; the next try is in "
                        + failed.pause().toMillis() + " ms");
            case Arrival.Overflow overflow -> print(overflow);
        }
    }

    private static String text(PgException e) {
        return TextTable.visible(Failures.oneLine(Failures.message(e)));
    }

    /** Prints a line to standard error that is less important. */
    private void dimRemark(String text) {
        around().err().println(errorStyle().dim("howdah: " + text));
        around().err().flush();
    }

    private void print(Gap gap) {
        if (json) {
            line(JsonLine.of(object -> {
                object.writeStringField("event", "gap");
                object.writeStringField("from", gap.from().toString());
                object.writeStringField("until", gap.until().toString());
                object.writeStringField("cause", Failures.oneLine(Failures.message(gap.cause())));
            }));
        } else {
            dimRemark("listening again; what was sent between " + time(gap.from()) + " and " + time(gap.until())
                    + " may be missing");
        }
    }

    private void print(Arrival.Overflow overflow) {
        if (json) {
            line(JsonLine.of(object -> {
                object.writeStringField("event", "overflow");
                object.writeNumberField("lost", overflow.lost());
            }));
        } else {
            dimRemark(overflow.lost() + " notifications are missing here: they came faster than they could be printed");
        }
    }

    private static String time(Instant time) {
        return TIME.format(time.atZone(ZoneId.systemDefault()));
    }

    private void print(Instant time, Notification notification) {
        if (json) {
            line(JsonLine.of(object -> {
                object.writeStringField("time", time.toString());
                object.writeStringField("channel", notification.channel());
                object.writeNumberField("pid", notification.pid());
                object.writeStringField("payload", notification.payload());
            }));
            return;
        }
        Style style = style();
        line(style.dim(time(time))
                + "  " + style.bold(TextTable.visible(notification.channel()))
                + "  " + style.dim(Integer.toString(notification.pid()))
                + "  " + TextTable.visible(notification.payload()));
    }
}
