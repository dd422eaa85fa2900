package dev.howdah.cli;

import dev.howdah.PgConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code howdah notify}. */
@Command(name = "notify", description = "Send notifications to all who listen on a channel of this database.")
final class NotifyCommand extends ConnectedCommand {

    private static final String SQL = "select pg_notify($1, $2)";

    @Parameters(index = "0", paramLabel = "CHANNEL", description = "The channel's name, exactly as it is.")
    private String channel = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "PAYLOAD",
            description = "What to tell, less than 8000 bytes, each as a notification of its own; without any, one that"
                    + " tells nothing. - sends each line of standard input.")
    private List<String> payloads = new ArrayList<>();

    NotifyCommand(Surroundings around) {
        super(around);
    }

    @Override
    int run(Target target) {
        try (PgConnection db = target.connect()) {
            for (String payload : payloads.isEmpty() ? List.of("") : payloads) {
                if (payload.equals("-")) {
                    sendLines(db);
                } else {
                    db.execute(SQL, channel, payload);
                }
            }
        }
        return ExitCode.OK;
    }

    private void sendLines(PgConnection db) {
        // Not closed: standard input is not ours.
        BufferedReader lines = new BufferedReader(new InputStreamReader(around().in(), StandardCharsets.UTF_8));
        try {
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                db.execute(SQL, channel, text);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read standard input", e);
        }
    }
}
