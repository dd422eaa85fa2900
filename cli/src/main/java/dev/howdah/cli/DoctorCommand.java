package dev.howdah.cli;

import dev.howdah.PgConnection;
import dev.howdah.replication.Finding;
import dev.howdah.replication.Finding.Severity;
import dev.howdah.replication.Preflight;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code howdah doctor}. */
@Command(
        name = "doctor",
        description = {
            "Look, before a consumer of a logical stream starts, at what could keep it from starting, have it lose something, or"
                    + " break something else; and say what to do. It changes nothing.",
            "Connect as the role that will stream, to the database that it will be of: howdah also tries a connection for"
                    + " replication. The exit code is 1 if there is an error."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  howdah doctor --publication shop",
            "  howdah doctor --slot shop_changes --publication shop --format json"
        })
final class DoctorCommand extends ConnectedCommand {

    @Option(
            names = {"-s", "--slot"},
            paramLabel = "NAME",
            description = "The slot that the stream will be of; that there is none is an error then.")
    private @Nullable String slot;

    @Option(
            names = {"-p", "--publication"},
            paramLabel = "NAME",
            description = "A publication that the stream will be of; may be given several times.")
    private List<String> publications = new ArrayList<>();

    @Option(
            names = {"-P", "--plugin"},
            paramLabel = "PLUGIN",
            description = "The output plugin. Default: ${DEFAULT-VALUE}.")
    private String plugin = "pgoutput";

    @Option(
            names = "--status-interval",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How often the consumer tells how far it has got. Default: 10s, the driver's own.")
    private @Nullable Duration statusInterval;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; json is one object a line for each finding. Default:"
                    + " ${DEFAULT-VALUE}.")
    private DoctorFormat format = DoctorFormat.text;

    DoctorCommand(Surroundings around) {
        super(around);
    }

    @Override
    int run(Target target) {
        List<Finding> found;
        try (PgConnection db = target.connect()) {
            found = new ArrayList<>(preflight().check(db));
        }
        found.add(target.tryReplication());
        found.sort(Comparator.comparing(Finding::severity).thenComparing(Finding::check));
        switch (format) {
            case text -> new DoctorReport(found).print(style(), this::line);
            case json -> found.forEach(finding -> line(DoctorReport.json(finding)));
        }
        return found.getFirst().severity() == Severity.ERROR ? ExitCode.SERVER_ERROR : ExitCode.OK;
    }

    private Preflight preflight() {
        Preflight made = Preflight.DEFAULT
                .publications(publications.toArray(String[]::new))
                .plugin(plugin);
        made = slot == null ? made : made.slot(slot);
        return statusInterval == null ? made : made.statusInterval(statusInterval);
    }
}
