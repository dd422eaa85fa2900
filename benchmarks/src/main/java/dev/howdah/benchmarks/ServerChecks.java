package dev.howdah.benchmarks;

import dev.howdah.backup.BackupVerifier;
import dev.howdah.backup.VerifyReport;
import dev.howdah.backup.WalFolder;
import dev.howdah.backup.WalFolder.Form;
import dev.howdah.testkit.AdminSession;
import dev.howdah.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/** Makes what the workloads of a whole server take, and looks at the folders that they have filled. Nothing here is measured. */
final class ServerChecks {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROWS_OF_A_MEBIBYTE = 1_024;
    private static final int SEGMENT = 16;

    private final AdminSession admin;
    private final Sizes sizes;
    private boolean tableMade;
    private boolean logMade;

    ServerChecks(AdminSession admin, Sizes sizes) {
        this.admin = admin;
        this.sizes = sizes;
    }

    void before(WorkloadId workload) {
        if (workload == WorkloadId.W12) {
            keepLog();
        } else if (!tableMade) {
            tableMade = true;
            admin.execute("create table w11 as select n, md5(n::text) || repeat('x', 880) as t from generate_series(1, "
                    + sizes.backup() * ROWS_OF_A_MEBIBYTE + ") n");
            admin.execute("vacuum (freeze) w11");
            admin.execute("checkpoint");
        }
    }

    private void keepLog() {
        if (!logMade) {
            logMade = true;
            admin.execute(KeptLog.CREATE_SLOT);
            admin.execute(KeptLog.write(sizes.log()));
        }
        Await.until("nobody receives any more", PATIENCE, () -> "f".equals(value(KeptLog.ACTIVE)));
        admin.execute(KeptLog.RENEW);
    }

    /** Looks at the folder that an answer names. */
    void after(String client, WorkloadId workload, Measure measure) {
        Path folder = Path.of(measure.tally());
        try {
            String fault = workload == WorkloadId.W12
                    ? faultOfLog(folder, measure.operations())
                    : faultOfBackup(folder, measure.operations());
            if (!fault.isEmpty()) {
                throw new WrongAnswerException(client + " in " + workload + ": " + fault);
            }
        } catch (IOException e) {
            throw new WrongAnswerException(client + " in " + workload + ": " + e);
        }
    }

    private static String faultOfBackup(Path folder, int mebibytes) {
        VerifyReport report = BackupVerifier.DEFAULT.verify(folder);
        if (!report.isSound()) {
            return "its backup is not what the server sent: " + report.problems();
        }
        return report.bytes() >> 20 < mebibytes ? "its backup has " + report.bytes() + " bytes only" : "";
    }

    private String faultOfLog(Path folder, int mebibytes) throws IOException {
        Path own = Path.of(value("show data_directory"), "pg_wal");
        int whole = 0;
        for (WalFolder.Stored stored : WalFolder.open(folder).segments()) {
            String name = stored.segment().name();
            if (stored.form() == Form.WHOLE) {
                whole++;
                if (Files.mismatch(stored.file(), own.resolve(name)) >= 0) {
                    return "the file " + name + " is not as the server has it";
                }
            }
        }
        // The place where it begins, and the one where it ends, lie within files.
        return whole < mebibytes / SEGMENT - 1 ? "it has received " + whole + " whole files only" : "";
    }

    private String value(String sql) {
        return Objects.requireNonNull(admin.value(sql), sql);
    }
}
