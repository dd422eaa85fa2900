package dev.howdah.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.github.luben.zstd.ZstdInputStream;
import dev.howdah.backup.BackupVerifier;
import dev.howdah.backup.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code howdah verify-backup}. */
@Command(
        name = "verify-backup",
        description = {
            "Look whether a backup is what the server sent: its manifest, each file, and each record of the log that a server needs"
                    + " to start on it. It changes nothing.",
            "DIR has the files of a server, or archives: base.tar, OID.tar, pg_wal.tar, which may end in .gz or .zst, too."
                    + " The exit code is 1 if anything is wrong."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  howdah verify-backup backups/monday",
            "  howdah verify-backup backups/monday --ignore log --wal-folder received",
        })
final class VerifyBackupCommand extends BaseCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "The folder of the backup.")
    private Path folder = Path.of("");

    @Option(names = "--no-checksums", description = "Compare names and sizes only.")
    private boolean noChecksums;

    @Option(names = "--no-wal", description = "Do not look at the log.")
    private boolean noWal;

    @Option(
            names = "--wal-folder",
            paramLabel = "DIR",
            description =
                    "Where the log is, if not in the backup; its segments may be compressed (.gz, .zst) or partial.")
    private @Nullable Path walFolder;

    @Option(
            names = "--ignore",
            paramLabel = "PATH",
            description = "A file or folder of the backup not to look at; may be given several times.")
    private List<String> ignored = new ArrayList<>();

    @Option(
            names = "--json",
            description = "One JSON object a line for each problem, and one with the sums at the end.")
    private boolean json;

    VerifyBackupCommand(Surroundings around) {
        super(around);
    }

    @Override
    public Integer call() {
        if (!Files.isDirectory(folder)) {
            throw new UsageException(folder + " is no folder");
        }
        VerifyReport report;
        try (BackupBar bar = new BackupBar(around(), "verifying")) {
            report = verifier().onProgress(bar::at).verify(folder);
        }
        report.problems().forEach(problem -> line(json ? json(problem) : text(problem)));
        line(json ? json(report) : text(report));
        return report.isSound() ? ExitCode.OK : ExitCode.SERVER_ERROR;
    }

    private BackupVerifier verifier() {
        BackupVerifier verifier =
                BackupVerifier.DEFAULT.walFolder(walFolder).decompressor(".zst", ZstdInputStream::new);
        verifier = noChecksums ? verifier.withoutChecksums() : verifier;
        verifier = noWal ? verifier.withoutWal() : verifier;
        try {
            return verifier.ignore(ignored.toArray(String[]::new));
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static String name(VerifyReport.Problem problem) {
        return problem.kind().name().toLowerCase(Locale.ROOT);
    }

    private String text(VerifyReport.Problem problem) {
        return style().red(name(problem)) + "  " + TextTable.visible(problem.text());
    }

    private String text(VerifyReport report) {
        String seen = String.format(Locale.ROOT, "%,d files, ", report.files())
                + ByteSize.text(report.bytes())
                + (noWal ? "" : String.format(Locale.ROOT, ", %,d records of the log", report.walRecords()));
        if (report.isSound()) {
            return "the backup is sound (" + seen + ")";
        }
        String count = report.problemCount() == 1 ? "1 problem" : report.problemCount() + " problems";
        String more = report.problemCount() > report.problems().size()
                ? "; the first " + report.problems().size() + " are above"
                : "";
        return "the backup is not sound: " + count + " (" + seen + more + ")";
    }

    private static String json(VerifyReport.Problem problem) {
        return JsonLine.of(object -> {
            object.writeStringField("problem", name(problem));
            object.writeStringField("path", problem.path());
            object.writeStringField("text", problem.text());
        });
    }

    private static String json(VerifyReport report) {
        return JsonLine.of(object -> sums(object, report));
    }

    private static void sums(JsonGenerator object, VerifyReport report) throws IOException {
        object.writeBooleanField("sound", report.isSound());
        object.writeNumberField("problems", report.problemCount());
        object.writeNumberField("files", report.files());
        object.writeNumberField("bytes", report.bytes());
        object.writeNumberField("wal_records", report.walRecords());
    }
}
