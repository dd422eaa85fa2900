package dev.howdah.cli;

import com.github.luben.zstd.ZstdInputStream;
import dev.howdah.ConnectOptions;
import dev.howdah.backup.BackupFile;
import dev.howdah.backup.BackupOptions;
import dev.howdah.backup.BackupResult;
import dev.howdah.backup.BackupVerifier;
import dev.howdah.backup.BaseBackup;
import dev.howdah.backup.VerifyReport;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code howdah base-backup}. */
@Command(
        name = "base-backup",
        customSynopsis = {"howdah base-backup DIR [OPTIONS]", "       howdah base-backup --target=WHERE [OPTIONS]"},
        description = {
            "Take a base backup of a whole server, primary or standby, into a folder: all its files, and the log that a new"
                    + " server needs to start on them.",
            "The role needs REPLICATION, and pg_hba.conf a line for replication. If it does not come to its end, nothing of it"
                    + " stays; what is left by a howdah that was killed is no folder that a server starts on, and the next"
                    + " backup to the same DIR removes it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  howdah base-backup backups/monday --checkpoint fast --verify",
            "  howdah base-backup standby --standby --slot standby1 --create-slot",
            "  howdah base-backup backups/monday --format tar --compress gzip:6",
            "  howdah base-backup backups/tuesday --incremental backups/monday"
        })
final class BaseBackupCommand extends ConnectedCommand {

    private static final double MICROS = 1e6;
    private static final double LEAST_SECONDS = 0.5;
    private static final int MOST_PROBLEMS = 20;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DIR",
            description = "The folder, which is made; or an empty one.")
    private @Nullable Path folder;

    @Mixin
    private BackupForm form = new BackupForm();

    @Option(
            names = "--verify",
            description =
                    "Look afterwards whether all files and all log that a server needs are as the server sent them;"
                            + " the exit code is 1 if not.")
    private boolean verify;

    @Option(
            names = "--json",
            description =
                    "Print at the end one JSON object to standard output: system, label, start, end, timeline, bytes,"
                            + " seconds, tablespaces, verified. Without it a line for people goes to standard error.")
    private boolean json;

    BaseBackupCommand(Surroundings around) {
        super(around);
    }

    @Override
    int run(Target target) {
        form.check(folder);
        BackupForm.require(!verify || folder != null, "--verify looks into a DIR: what the server keeps it cannot see");
        BackupForm.require(!verify || form.hasManifest(), "--verify needs the manifest: without --no-manifest");
        BackupForm.require(
                !verify || !form.isForeign(),
                "howdah cannot decompress these archives to verify them: --compress gzip");
        ConnectOptions options = target.asSuperuser().connectOptions();
        long start = System.nanoTime();
        BackupResult result;
        try (BackupMeter meter = new BackupMeter(around(), form.isSpread())) {
            result = take(options, form.options(options).progress(meter));
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
        long nanos = System.nanoTime() - start;
        VerifyReport report = verify && folder != null ? verified(folder) : null;
        if (json) {
            line(json(result, nanos, report));
        } else {
            remark(summary(result, nanos, report));
        }
        return report == null || report.isSound() ? ExitCode.OK : ExitCode.SERVER_ERROR;
    }

    private BackupResult take(ConnectOptions options, BackupOptions how) {
        String target = form.target();
        if (target != null) {
            return BaseBackup.onServer(options, how, target, form.targetDetail());
        } else if (folder == null) {
            throw new IllegalStateException("neither folder nor target");
        }
        return switch (form.format()) {
            case folder -> BaseBackup.toFolder(options, how, folder);
            case tar -> BaseBackup.toTarFiles(options, how, folder);
        };
    }

    private VerifyReport verified(Path backup) {
        BackupVerifier verifier = form.hasLog() ? BackupVerifier.DEFAULT : BackupVerifier.DEFAULT.withoutWal();
        VerifyReport report;
        try (BackupBar bar = new BackupBar(around(), "verifying")) {
            report = verifier.decompressor(".zst", ZstdInputStream::new)
                    .onProgress(bar::at)
                    .verify(backup);
        }
        report.problems().stream().limit(MOST_PROBLEMS).forEach(problem -> remark(TextTable.visible(problem.text())));
        if (report.problemCount() > MOST_PROBLEMS) {
            remark("and " + (report.problemCount() - MOST_PROBLEMS) + " more");
        }
        return report;
    }

    private String summary(BackupResult result, long nanos, @Nullable VerifyReport report) {
        double seconds = seconds(nanos);
        StringBuilder text = new StringBuilder("base backup of system ")
                .append(result.system().systemId())
                .append(folder == null ? " kept by the server" : " in " + folder)
                .append(": ")
                .append(ByteSize.text(result.bytes()))
                .append(" in ")
                .append(Timing.text(nanos));
        if (seconds >= LEAST_SECONDS) {
            text.append(" (")
                    .append(ByteSize.text(Math.round(result.bytes() / seconds)))
                    .append("/s)");
        }
        text.append(", log from ").append(result.startLsn()).append(" to ").append(result.endLsn());
        text.append(" on timeline ").append(result.endTimeline());
        if (report != null) {
            text.append(
                    report.isSound()
                            ? ", verified"
                            : String.format(Locale.ROOT, ", NOT sound: %,d problems", report.problemCount()));
        }
        return text.toString();
    }

    private static String json(BackupResult result, long nanos, @Nullable VerifyReport report) {
        return JsonLine.of(object -> {
            object.writeStringField("system", result.system().systemId());
            object.writeStringField("label", result.label());
            object.writeStringField("start", result.startLsn().toString());
            object.writeStringField("end", result.endLsn().toString());
            object.writeNumberField("timeline", result.endTimeline());
            object.writeNumberField("bytes", result.bytes());
            object.writeNumberField("seconds", Math.round(seconds(nanos) * MICROS) / MICROS);
            object.writeArrayFieldStart("tablespaces");
            for (BackupFile.Tablespace each : result.tablespaces()) {
                object.writeStartObject();
                object.writeNumberField("oid", each.oid());
                object.writeStringField("location", each.location());
                object.writeEndObject();
            }
            object.writeEndArray();
            if (report == null) {
                object.writeNullField("verified");
            } else {
                object.writeBooleanField("verified", report.isSound());
            }
        });
    }

    private static double seconds(long nanos) {
        return (double) nanos / TimeUnit.SECONDS.toNanos(1);
    }
}
