package dev.howdah.cli;

import dev.howdah.cli.demo.Chapter;
import dev.howdah.cli.demo.Chapters;
import dev.howdah.cli.demo.Narrator;
import dev.howdah.cli.demo.Performance;
import dev.howdah.cli.demo.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code howdah demo}. */
@Command(
        name = "demo",
        description = {
            "Show what Howdah does, on a PostgreSQL 18 of its own.",
            "Everything is done for real and checked; every time is measured as you look. It leaves nothing behind."
        })
final class DemoCommand extends BaseCommand implements Callable<Integer> {

    private static final int MANY_ROWS = 10_000_000;

    @Option(names = "--list", description = "Name the chapters and what they show, and do nothing.")
    private boolean list;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            completionCandidates = Names.class,
            description = "Tell this chapter only; may be given several times: ${COMPLETION-CANDIDATES}.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--keep",
            description = "Leave the server up afterwards and print how to connect to it; Ctrl-C stops it.")
    private boolean keep;

    DemoCommand(Surroundings around) {
        super(around);
    }

    /** The names of all chapters. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        /** Made by picocli. */
        Names() {
            Chapters.all().forEach(chapter -> add(chapter.name()));
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        if (list) {
            for (Chapter chapter : Chapters.all()) {
                line(style().bold(chapter.name())
                        + " ".repeat(16 - chapter.name().length())
                        + chapter.summary());
            }
            return ExitCode.OK;
        }
        List<Chapter> chapters = chosen();
        long start = System.nanoTime();
        line("Starting a PostgreSQL 18 for this demo (a first time unpacks it, which takes longer) ...");
        try (Embedded server = Embedded.start()) {
            line("It runs on 127.0.0.1, port " + server.server().port() + ", after " + Timing.since(start) + ".");
            Narrator narrator = new Narrator(this::line, style());
            boolean well = new Performance(new Stage(server, narrator, around(), MANY_ROWS, Embedded.MOST_CONNECTIONS))
                    .tell(chapters);
            if (keep) {
                keep(server);
            }
            return well ? ExitCode.OK : ExitCode.SERVER_ERROR;
        }
    }

    private List<Chapter> chosen() {
        if (only.isEmpty()) {
            return Chapters.all();
        }
        List<String> names = new Names();
        for (String name : only) {
            if (!names.contains(name)) {
                throw new UsageException("there is no chapter '" + name + "'; there are " + String.join(", ", names));
            }
        }
        return Chapters.all().stream()
                .filter(chapter -> only.contains(chapter.name()))
                .toList();
    }

    private void keep(Embedded server) {
        server.database().execute("grant all on all tables in schema public to public");
        line("");
        line("This command keeps the server up (process " + server.server().pid() + ") until you press Ctrl-C:");
        line("  ./howdah query --dsn " + server.uriWithoutPassword() + " 'select * from orders limit 5'");
        line("  ./howdah listen --dsn " + server.uriWithoutPassword() + " order_events");
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // Ctrl-C, which is how it is meant to end.
            line("Stopping.");
        }
    }
}
