package dev.howdah.cli;

import dev.howdah.backup.BackupCombiner;
import dev.howdah.backup.BackupManifest;
import dev.howdah.backup.ChecksumAlgorithm;
import dev.howdah.backup.ManifestFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code howdah combine-backup}. */
@Command(
        name = "combine-backup",
        description = {
            "Make one full backup, on which a server starts, of a full backup and the incremental ones that were made from it"
                    + " (PostgreSQL 17 and later). They stay as they are.",
            "If it fails, nothing is left of what was written."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  howdah combine-backup sunday monday tuesday -o restored",
            "  howdah combine-backup sunday monday -o restored -T /srv/monday/fast=/srv/fast"
        })
final class CombineBackupCommand extends BaseCommand implements Callable<Integer> {

    @Parameters(
            arity = "1..*",
            paramLabel = "DIR",
            description = "The folders of the backups: the full one, then each that was made from the one before.")
    private List<Path> chain = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "TARGET",
            description = "The folder to make; it must be empty or not there.")
    private Path target = Path.of("");

    @Option(
            names = {"-T", "--tablespace-mapping"},
            paramLabel = "OLD=NEW",
            description = "Where a tablespace goes that the last backup has at OLD; may be given several times.")
    private Map<Path, Path> tablespaces = new LinkedHashMap<>();

    @Option(
            names = "--manifest-checksums",
            paramLabel = "ALGORITHM",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private ChecksumAlgorithm checksums = ChecksumAlgorithm.CRC32C;

    @Option(names = "--verify", description = "Verify each of the backups before.")
    private boolean verify;

    @Option(names = "--no-sync", description = "Do not wait until all of it is on disk.")
    private boolean noSync;

    @Option(names = "--json", description = "Print the sums as a JSON object.")
    private boolean json;

    CombineBackupCommand(Surroundings around) {
        super(around);
    }

    @Override
    public Integer call() {
        for (Path each : chain) {
            if (!Files.isDirectory(each)) {
                throw new UsageException(each + " is no folder");
            }
        }
        BackupCombiner combiner = BackupCombiner.DEFAULT.checksums(checksums).sync(!noSync);
        combiner = verify ? combiner.verified() : combiner;
        for (Map.Entry<Path, Path> each : tablespaces.entrySet()) {
            combiner = combiner.tablespace(each.getKey(), each.getValue());
        }
        BackupManifest made;
        try (BackupBar bar = new BackupBar(around(), "combining")) {
            made = combiner.onProgress(bar::at).combine(chain, target);
        }
        int files = made.files().size();
        long bytes = made.files().stream().mapToLong(ManifestFile::size).sum();
        if (json) {
            line(JsonLine.of(object -> {
                object.writeNumberField("backups", chain.size());
                object.writeNumberField("files", files);
                object.writeNumberField("bytes", bytes);
            }));
        } else {
            line(String.format(Locale.ROOT, "%,d files, %s, in %s", files, ByteSize.text(bytes), target));
        }
        return ExitCode.OK;
    }
}
