package dev.howdah.cli;

import dev.howdah.ConnectReport;
import dev.howdah.ConnectionInfo;
import dev.howdah.PgConnection;
import dev.howdah.ServerVerification;
import dev.howdah.error.ConnectAttempt;
import dev.howdah.error.ConnectFailedException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code howdah ping}. */
@Command(
        name = "ping",
        description = "Connect, and explain it: which hosts were tried and why they were not taken, how long each step"
                + " took, which server answered, and how securely.")
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
        try (PgConnection db = target.connect()) {
            long[] times = roundTrips(db);
            Again again = again(target, db.info().connectReport().accepted());
            if (json) {
                line(PingJson.connected(db.info(), again, times, median(times)));
            } else {
                print(db.info(), again, times);
            }
        } catch (ConnectFailedException e) {
            if (json) {
                line(PingJson.failed(e));
                throw e;
            }
            AttemptText.lines(e.attempts(), style()).forEach(this::line);
            // Who sees both need not read the same twice.
            if (!around().outIsTerminal() || !around().errIsTerminal() || verbose()) {
                throw e;
            }
            remark("could not connect; what was tried is above");
            return Failures.exitCode(e);
        }
        return ExitCode.OK;
    }

    /**
     * How a second connect to the same address went: the first one's times are longer, since it loads the program.
     *
     * @param report how it went; null if it failed
     * @param failure why it failed, which a server that takes few connections may do; null if it did not
     */
    record Again(@Nullable ConnectReport report, @Nullable ConnectFailedException failure) {}

    private static Again again(Target target, ConnectAttempt taken) {
        try (PgConnection db = target.connectAgain(taken)) {
            return new Again(db.info().connectReport(), null);
        } catch (ConnectFailedException e) {
            return new Again(null, e);
        }
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

    private void print(ConnectionInfo info, Again again, long[] times) {
        ConnectReport first = info.connectReport();
        ConnectReport second = again.report();
        AttemptText.lines(first.attempts(), second == null ? null : second.accepted(), style())
                .forEach(this::line);
        line("");
        field("connected in", Timing.text(first.time().toNanos()) + again(again));
        field(
                "round trip",
                "min " + Timing.text(times[0]) + ", median " + Timing.text(median(times)) + " (" + count
                        + (count == 1 ? " time)" : " times)"));
        field("server", "PostgreSQL " + info.serverVersionText());
        field("database", info.dbname() + ", user " + info.user());
        field("authentication", authentication(info));
        field("protocol", protocol(info));
        field("tls", info.sslInUse() ? attribute(info, "protocol") + ", " + attribute(info, "cipher") : "no");
        if (info.serverCertificate() != null) {
            print(CertificateFacts.of(info.serverCertificate()), info.serverVerification());
        }
    }

    private static String again(Again again) {
        if (again.report() != null) {
            return ", again in " + Timing.text(again.report().time().toNanos())
                    + " (the first time also loads the program)";
        }
        return again.failure() == null ? "" : "; again: " + Failures.oneLine(Failures.message(again.failure()));
    }

    private void print(CertificateFacts certificate, ServerVerification verification) {
        field("certificate", certificate.subject());
        field("  issuer", certificate.issuer());
        field("  for", certificate.names().isEmpty() ? "-" : String.join(", ", certificate.names()));
        field(
                "  valid",
                certificate.from() + " to " + certificate.until()
                        + (certificate.untimely() == null ? "" : " (" + certificate.untimely() + ")"));
        field("  sha-256", certificate.sha256());
        field(
                "  verified",
                switch (verification) {
                    case NONE -> "no; sslmode=verify-full would";
                    case AUTHORITY -> "its authority, not its host; sslmode=verify-full would";
                    case AUTHORITY_AND_HOST -> "its authority and its host";
                });
    }

    private static String authentication(ConnectionInfo info) {
        String method = info.authenticationMethod();
        if (info.usedChannelBinding()) {
            return method + ", bound to the TLS connection";
        }
        return method.equals("trust") ? "nothing asked (trust, peer or a certificate)" : method;
    }

    private void field(String name, @Nullable String value) {
        line(style().dim(name + " ".repeat(16 - name.length())) + TextTable.visible(value == null ? "-" : value));
    }

    /** The version of the protocol, such as 3.2. */
    static String protocol(ConnectionInfo info) {
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
}
