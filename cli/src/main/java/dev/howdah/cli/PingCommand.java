package dev.howdah.cli;

import dev.howdah.ConnectionInfo;
import dev.howdah.PgConnection;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code howdah ping}. */
@Command(name = "ping", description = "Connect, and say which server answered, how securely and how fast.")
final class PingCommand extends ConnectedCommand {

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "How many round trips (select 1) to time. Default: ${DEFAULT-VALUE}.")
    private int count = 20;

    @Option(names = "--json", description = "Print one JSON object; times are in microseconds.")
    private boolean json;

    PingCommand(Surroundings around) {
        super(around);
    }

    @Override
    int run(Target target) {
        long start = System.nanoTime();
        try (PgConnection db = target.connect()) {
            long connected = System.nanoTime() - start;
            long[] times = roundTrips(db);
            if (json) {
                line(asJson(db.info(), connected, times));
            } else {
                print(db.info(), connected, times);
            }
        }
        return ExitCode.OK;
    }

    /** The times of all round trips in nanoseconds, the shortest first. */
    private long[] roundTrips(PgConnection db) {
        // The first is slower: the statement is parsed and the program warms up.
        Integer one = db.queryValue("select 1", Integer.class);
        long[] times = new long[count];
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            Integer again = db.queryValue("select 1", Integer.class);
            times[i] = System.nanoTime() - start;
            if (again == null || !again.equals(one)) {
                throw new IllegalStateException("select 1 gave " + again);
            }
        }
        Arrays.sort(times);
        return times;
    }

    private void print(ConnectionInfo info, long connected, long[] times) {
        field("server", "PostgreSQL " + info.serverVersionText());
        field("address", address(info));
        field("database", info.dbname() + ", user " + info.user());
        field("tls", info.sslInUse() ? attribute(info, "protocol") + ", " + attribute(info, "cipher") : "no");
        field("authentication", info.authenticationMethod());
        field("protocol", protocol(info));
        field("connected in", Timing.text(connected));
        field(
                "round trip",
                "min " + Timing.text(times[0]) + ", median " + Timing.text(median(times)) + " (" + count
                        + (count == 1 ? " time)" : " times)"));
    }

    private void field(String name, @Nullable String value) {
        line(style().dim(name + " ".repeat(16 - name.length())) + TextTable.visible(value == null ? "-" : value));
    }

    private static String address(ConnectionInfo info) {
        return info.host() + (info.host().startsWith("/") ? ", port " : ":") + info.port();
    }

    private static String protocol(ConnectionInfo info) {
        return info.protocolVersion() / 10_000 + "." + info.protocolVersion() % 10_000;
    }

    private static String attribute(ConnectionInfo info, String name) {
        String value = info.sslAttribute(name);
        return value == null ? "?" : value;
    }

    private static long median(long[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String asJson(ConnectionInfo info, long connected, long[] times) {
        return JsonLine.of(object -> {
            object.writeStringField("server", info.serverVersionText());
            object.writeNumberField("serverVersion", info.serverVersion());
            object.writeStringField("host", info.host());
            object.writeNumberField("port", info.port());
            object.writeStringField("database", info.dbname());
            object.writeStringField("user", info.user());
            object.writeBooleanField("tls", info.sslInUse());
            object.writeStringField("tlsProtocol", info.sslAttribute("protocol"));
            object.writeStringField("tlsCipher", info.sslAttribute("cipher"));
            object.writeStringField("authentication", info.authenticationMethod());
            object.writeStringField("protocol", protocol(info));
            object.writeNumberField("connectMicros", connected / 1000);
            object.writeNumberField("roundTrips", times.length);
            object.writeNumberField("minMicros", times[0] / 1000);
            object.writeNumberField("medianMicros", median(times) / 1000);
        });
    }
}
