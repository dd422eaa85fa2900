package dev.howdah.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code howdah completion}. */
@Command(
        name = "completion",
        description = "Print a completion script for bash and zsh.",
        footerHeading = "%nUse it:%n",
        footer = {"  source <(./howdah completion)"})
final class CompletionCommand extends BaseCommand implements Runnable {

    CompletionCommand(Surroundings around) {
        super(around);
    }

    @Override
    public void run() {
        CommandLine line = HowdahCommand.commandLine(around());
        out().print(AutoComplete.bash("howdah", line));
        out().flush();
    }
}
