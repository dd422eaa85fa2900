package dev.howdah.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code howdah slots}. Alone it lists them. */
@Command(
        name = "slots",
        description = {
            "Replication slots, each of which keeps the log that a consumer or a standby has not had. Alone it lists them.",
            SlotsListCommand.COLUMNS
        },
        synopsisSubcommandLabel = "[COMMAND]",
        footerHeading = "%nExamples:%n",
        footer = {
            "  howdah slots",
            "  howdah slots --watch",
            "  howdah slots create shop_changes",
            "  howdah slots drop shop_changes --wait"
        })
final class SlotsCommand extends SlotsListCommand {

    private SlotsCommand(Surroundings around) {
        super(around);
    }

    /** The command with those below it. */
    static CommandLine commandLine(Surroundings around) {
        return new CommandLine(new SlotsCommand(around))
                .addSubcommand(new SlotsListCommand(around))
                .addSubcommand(new SlotsCreateCommand(around))
                .addSubcommand(new SlotsDropCommand(around));
    }
}
