package dev.howdah.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code howdah copy}. Alone it prints what there is. */
@Command(
        name = "copy",
        description = "Many rows at once, between a table and a file or a pipe, in a format of COPY.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  howdah copy in item items.csv --header",
            "  howdah copy out shop.item items.csv --header --columns id,name",
            "  howdah copy out --query 'select * from item where price < 5' cheap.csv",
            "  howdah copy out item --dsn service=old | howdah copy in item --dsn service=new"
        })
final class CopyCommand extends BaseCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private CopyCommand(Surroundings around) {
        super(around);
    }

    /** The command with those below it. */
    static CommandLine commandLine(Surroundings around) {
        return new CommandLine(new CopyCommand(around))
                .addSubcommand(new CopyInCommand(around))
                .addSubcommand(new CopyOutCommand(around));
    }

    @Override
    public void run() {
        spec.commandLine().usage(out());
    }
}
