package dev.howdah.cli;

import dev.howdah.PgConnection;
import dev.howdah.error.PgException;
import dev.howdah.event.Notification;
import dev.howdah.event.Termination;
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
                + " Ctrl-C ends it.")
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

    @Option(names = "--json", description = "Print one JSON object a line: time, channel, pid, payload.")
    private boolean json;

    ListenCommand(Surroundings around) {
        super(around);
    }

    /** What came, and when. One of the two is there. */
    private record Arrival(
            Instant time,
            @Nullable Notification notification,
            @Nullable Termination termination) {

        /** Why no more notifications will come. */
        RuntimeException why() {
            PgException cause = termination == null ? null : termination.cause();
            return cause == null ? new IllegalStateException("the connection was closed") : cause;
        }
    }

    @Override
    int run(Target target) {
        BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
        try (PgConnection db = target.connect()) {
            db.addTerminationListener(termination -> arrivals.add(new Arrival(Instant.now(), null, termination)));
            for (String channel : new LinkedHashSet<>(channels)) {
                listen(db, channel, arrivals);
            }
            Embedded server = target.server();
            remark("listening on " + String.join(", ", channels)
                    + (server == null ? "" : "; the server is " + server.uriWithoutPassword()));
            return await(arrivals);
        }
    }

    private static void listen(PgConnection db, String channel, BlockingQueue<Arrival> arrivals) {
        try {
            db.addListener(
                    channel,
                    (connection, notification) -> arrivals.add(new Arrival(Instant.now(), notification, null)));
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private int await(BlockingQueue<Arrival> arrivals) {
        int left = count == null ? Integer.MAX_VALUE : count;
        try {
            while (left > 0) {
                Arrival arrival =
                        timeout == null ? arrivals.take() : arrivals.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
                if (arrival == null) {
                    remark("no notification came in time");
                    return ExitCode.STOPPED;
                }
                if (arrival.notification() == null) {
                    throw arrival.why();
                }
                print(arrival.time(), arrival.notification());
                left -= count == null ? 0 : 1;
            }
        } catch (InterruptedException e) {
            // Ctrl-C, the usual way to end it. The interrupt has done its work: closing must not be cut short by it.
            return ExitCode.OK;
        }
        return ExitCode.OK;
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
        line(style.dim(TIME.format(time.atZone(ZoneId.systemDefault())))
                + "  " + style.bold(TextTable.visible(notification.channel()))
                + "  " + style.dim(Integer.toString(notification.pid()))
                + "  " + TextTable.visible(notification.payload()));
    }
}
