package dev.howdah.cli;

import dev.howdah.backup.WalFolder;
import dev.howdah.error.BackupException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code howdah restore-wal}. */
@Command(
        name = "restore-wal",
        description = {
            "Give a server that recovers a file that receive-wal or pg_receivewal has received: its restore_command. What is compressed by"
                    + " gzip or zstd is unpacked, and the last file, which is not whole, is given, too.",
            "Ends with exit code 1 if there is no such file, which ends the recovery, and with 126 if it is there and cannot be given, at"
                    + " which the server stops rather than to take that for the end."
        },
        footerHeading = "%nIn postgresql.conf:%n",
        footer = "  restore_command = 'howdah restore-wal /var/backups/wal %%f %%p'")
final class RestoreWalCommand extends BaseCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DIR", description = "The folder with what was received.")
    private Path folder = Path.of(".");

    @Parameters(index = "1", paramLabel = "NAME", description = "What the server asks for: %%f.")
    private String name = "";

    @Parameters(index = "2", paramLabel = "TARGET", description = "Where it wants that: %%p.")
    private Path target = Path.of(".");

    RestoreWalCommand(Surroundings around) {
        super(around);
    }

    @Override
    public Integer call() {
        try {
            return WalFolder.open(folder, WalCompressions.zstd()).restore(name, target)
                    ? ExitCode.OK
                    : ExitCode.SERVER_ERROR;
        } catch (BackupException e) {
            remark(Failures.oneLine(String.valueOf(e.getMessage())));
            return ExitCode.NOT_RESTORED;
        }
    }
}
