package dev.howdah.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** The command above all others. Alone it prints what there is. */
@Command(
        name = "howdah",
        description = "A native PostgreSQL driver for Java, from a terminal.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = HowdahCommand.Version.class,
        subcommands = HelpCommand.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:it went well; listen, tail, receive-wal or slots --watch was ended with Ctrl-C",
            " 1:the server answered with an error, doctor found one, a backup is not sound, restore-wal has no such file, or a"
                    + " chapter of the demo was not as expected",
            " 2:the command line or the connection text is wrong",
            " 3:no connection could be made, or it was lost",
            " 4:the time allowed passed, or the command was interrupted",
            "69:howdah could not be started: no JDK, no Maven, or it could not be built",
            "70:a mistake in howdah itself",
            "126:restore-wal has the file, and cannot give it"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  howdah demo",
            "  howdah ping --dsn 'postgresql://app@localhost/shop?sslmode=require'",
            "  howdah query --embedded 'select $1::int * 2 as doubled' --param 21 --json"
        })
final class HowdahCommand extends BaseCommand implements Runnable {

    @Option(names = "--version", versionHelp = true, description = "Print howdah's version and Java's.")
    private boolean version;

    private HowdahCommand(Surroundings around) {
        super(around);
    }

    /**
     * Runs one command line to its end. Never throws because of what the user or a server does.
     *
     * @return the exit code
     */
    static int run(Surroundings around, String... arguments) {
        CommandLine line = commandLine(around);
        int code = line.execute(arguments);
        around.out().flush();
        around.err().flush();
        return code;
    }

    /** All commands, ready to run. */
    static CommandLine commandLine(Surroundings around) {
        Failures failures = new Failures(around);
        CommandLine line = new CommandLine(new HowdahCommand(around))
                .addSubcommand(new DemoCommand(around))
                .addSubcommand(new PingCommand(around))
                .addSubcommand(new QueryCommand(around))
                .addSubcommand(new ListenCommand(around))
                .addSubcommand(new NotifyCommand(around))
                .addSubcommand(CopyCommand.commandLine(around))
                .addSubcommand(LobCommand.commandLine(around))
                .addSubcommand(SlotsCommand.commandLine(around))
                .addSubcommand(new DoctorCommand(around))
                .addSubcommand(new TailCommand(around))
                .addSubcommand(new BaseBackupCommand(around))
                .addSubcommand(new VerifyBackupCommand(around))
                .addSubcommand(new CombineBackupCommand(around))
                .addSubcommand(new ReceiveWalCommand(around))
                .addSubcommand(new RestoreWalCommand(around))
                .addSubcommand(new CompletionCommand(around));
        line.setOut(around.out())
                .setErr(around.err())
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpLongOptionsMaxWidth(28)
                .setAbbreviatedOptionsAllowed(false);
        boolean colours = ColorMode.auto.style(around, around.outIsTerminal()) == Style.COLOURS;
        line.setColorScheme(CommandLine.Help.defaultColorScheme(colours ? Ansi.ON : Ansi.OFF));
        return line;
    }

    @Override
    public void run() {
        commandLine(around()).usage(out());
    }

    /** What {@code --version} says. */
    static final class Version implements IVersionProvider {
        /** Made by picocli. */
        Version() {}

        @Override
        public String[] getVersion() {
            String version = HowdahCommand.class.getPackage().getImplementationVersion();
            return new String[] {
                "howdah " + (version == null ? "(not packed)" : version),
                "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
            };
        }
    }
}
