package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.cli.Cli.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command lines of what works on backups. */
class BackupCommandLineTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "verify-backup",
                "verify-backup nosuchfolder",
                "verify-backup . --ignore /etc",
                "verify-backup . --wal-folder",
                "combine-backup .",
                "combine-backup -o target",
                "combine-backup nosuchfolder -o target",
                "combine-backup . -o target --manifest-checksums md5",
                "combine-backup . -o target -T here"
            })
    void aWrongOneIsSaidInOneLineAndEndsWithTwo(String arguments) {
        Outcome outcome = new Cli().run(arguments.split(" "));
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines().findFirst()).get().asString().startsWith("howdah: ");
        assertThat(outcome.err().lines()).hasSizeLessThanOrEqualTo(3);
    }
}
