package dev.howdah.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code howdah lob}. Alone it prints what there is. */
@Command(
        name = "lob",
        description = "Large objects: bytes of up to 4 TiB in the database, each known by a number, its OID.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  howdah lob import film.mp4 --comment 'the film'",
            "  howdah lob export 16432 film.mp4 --resume",
            "  howdah lob cat 16432 | head -c 100",
            "  howdah lob orphans"
        })
final class LobCommand extends BaseCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private LobCommand(Surroundings around) {
        super(around);
    }

    /** The command with those below it. */
    static CommandLine commandLine(Surroundings around) {
        return new CommandLine(new LobCommand(around))
                .addSubcommand(new LobImportCommand(around))
                .addSubcommand(new LobExportCommand(around))
                .addSubcommand(new LobCatCommand(around))
                .addSubcommand(new LobListCommand(around))
                .addSubcommand(new LobUnlinkCommand(around))
                .addSubcommand(new LobOrphansCommand(around));
    }

    @Override
    public void run() {
        spec.commandLine().usage(out());
    }
}
