package dev.howdah.cli;

import dev.howdah.PgConnection;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.replication.ReplicationMonitor;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code howdah slots list}, which is {@code howdah slots} alone, too. */
@Command(
        name = "list",
        description = {
            "Print all slots of the server: who uses each, how far behind its consumer is, and what the server keeps for it.",
            SlotsListCommand.COLUMNS
        })
class SlotsListCommand extends ConnectedCommand {

    /** What the table has. */
    static final String COLUMNS =
            "behind: how much log the consumer has not confirmed; delay: how long it took to, when that was measured last; keeps:"
                    + " how much log the server keeps for the slot; log: whether that is all that the slot needs; room: how much can be"
                    + " written until it is in danger. 1 kB is 1024 bytes. Slots that are lost or soon will be, and those that nobody"
                    + " uses and that keep 1 GB or more, have a warning.";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final double NANOS = 1e9;

    @Option(
            names = "--json",
            description =
                    "One JSON object a line for each: sizes in bytes, null where the server says nothing, the process that"
                            + " streams as sender.")
    private boolean json;

    @Option(
            names = "--watch",
            arity = "0..1",
            fallbackValue = "2s",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description =
                    "Print them anew every 2 seconds, or as often as is said, as in --watch=500ms; on a terminal in the same"
                            + " place. Bars show how much of what may be kept is kept, or, where nothing limits it, beside 1 GB or the"
                            + " largest. Ctrl-C ends it.")
    private @Nullable Duration watch;

    SlotsListCommand(Surroundings around) {
        super(around);
    }

    @Override
    int run(Target target) throws InterruptedException {
        if (watch == null) {
            try (PgConnection db = target.connect()) {
                List<SlotView> views = SlotView.all(new ReplicationMonitor(db));
                Instant now = Instant.now();
                (json ? jsonLines(views, now) : tableLines(views, now, count(views))).forEach(out()::println);
            }
            return ExitCode.OK;
        }
        try (PgConnection db = target.connect()) {
            watch(new ReplicationMonitor(db), watch);
        } catch (InterruptedException | InterruptedWaitException e) {
            // Ctrl-C, the usual way to end it.
            return ExitCode.OK;
        }
        return ExitCode.OK;
    }

    private void watch(ReplicationMonitor monitor, Duration pause) throws InterruptedException {
        LiveBlock block = new LiveBlock(around());
        LogRate rate = new LogRate();
        while (true) {
            List<SlotView> views = SlotView.all(monitor);
            Instant now = Instant.now();
            if (json) {
                jsonLines(views, now).forEach(out()::println);
                out().flush();
            } else {
                String time = TIME.format(now.atZone(ZoneId.systemDefault()));
                block.show(tableLines(views, now, time + "  " + count(views) + rate.since(views)));
            }
            Thread.sleep(pause);
        }
    }

    /** How fast the server writes its log. */
    private static final class LogRate {
        private long before = -1;
        private long at;

        String since(List<SlotView> views) {
            if (views.isEmpty()) {
                return "";
            }
            long place = views.getFirst().slot().serverLsn().asLong();
            long now = System.nanoTime();
            String text = ", log at " + views.getFirst().slot().serverLsn();
            if (before >= 0 && place >= before) {
                text += ", " + ByteSize.text(Math.round((place - before) / ((now - at) / NANOS))) + "/s";
            }
            before = place;
            at = now;
            return text;
        }
    }

    private static List<String> jsonLines(List<SlotView> views, Instant now) {
        return views.stream().map(view -> view.json(now)).toList();
    }

    private List<String> tableLines(List<SlotView> views, Instant now, String summary) {
        List<String> lines = new ArrayList<>();
        if (!views.isEmpty()) {
            new SlotTable(views, now, watch != null).print(style(), lines::add);
        }
        lines.add(style().dim("(" + summary + ")"));
        return lines;
    }

    private static String count(List<SlotView> views) {
        return views.size() == 1 ? "1 slot" : views.size() + " slots";
    }
}
