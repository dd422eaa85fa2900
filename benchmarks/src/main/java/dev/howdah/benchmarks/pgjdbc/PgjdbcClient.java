package dev.howdah.benchmarks.pgjdbc;

import dev.howdah.benchmarks.Client;
import dev.howdah.benchmarks.CopyForm;
import dev.howdah.benchmarks.LargeObjectTally;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import dev.howdah.benchmarks.WorkloadId;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * pgjdbc with server-side prepared statements and binary transfer from the first run on, no questions to old servers, no TLS. The
 * rewriting one makes inserts of many rows out of a batch of single ones.
 */
public final class PgjdbcClient implements Client {

    private final boolean rewriting;

    /** One with {@code reWriteBatchedInserts} or without. */
    public PgjdbcClient(boolean rewriting) {
        this.rewriting = rewriting;
    }

    @Override
    public String name() {
        return rewriting ? "pgjdbc rewriting" : "pgjdbc";
    }

    @Override
    public Set<WorkloadId> workloads() {
        return rewriting
                ? EnumSet.of(WorkloadId.W5)
                : EnumSet.complementOf(
                        EnumSet.of(WorkloadId.W3, WorkloadId.W6RI, WorkloadId.W11, WorkloadId.W11T, WorkloadId.W12));
    }

    @Override
    public Workload open(WorkloadId workload, Target target) throws SQLException, IOException {
        return switch (workload) {
            case W1 -> new SingleSelects(connect(target), target.keys());
            case W2 -> new ManyConnections(this, target);
            case W3 -> throw new IllegalArgumentException("pgjdbc has no pipeline of selects");
            case W4 -> new FetchAll(connect(target));
            case W4C -> new FetchPages(connect(target));
            case W5 -> new InsertRows(connect(target));
            case W6TI -> new CopyData(connect(target), CopyForm.TEXT_IN);
            case W6BI -> new CopyData(connect(target), CopyForm.BINARY_IN);
            case W6TO -> new CopyData(connect(target), CopyForm.TEXT_OUT);
            case W6BO -> new CopyData(connect(target), CopyForm.BINARY_OUT);
            case W6RI -> throw new IllegalArgumentException("pgjdbc copies no Java values");
            case W6RO -> new FetchPages(connect(target));
            case W7 -> new Listening(connect(target), connect(target), false);
            case W7S -> new Listening(connect(target), connect(target), true);
            case W8, W8T -> new DrainedChanges(() -> connect(target, "database"), workload == WorkloadId.W8T);
            case W9 -> new LargeObjectWrites(connect(target));
            case W9R -> new LargeObjectReads(connect(target), LargeObjectTally.SMALL);
            case W9M -> new LargeObjectReads(connect(target), LargeObjectTally.LARGE);
            case W10 -> new Connects(this, target);
            case W11, W11T, W12 -> throw new IllegalArgumentException("pgjdbc has no backups");
        };
    }

    Connection connect(Target target) throws SQLException {
        return connect(target, null);
    }

    private Connection connect(Target target, @Nullable String replication) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", target.user());
        properties.setProperty("password", target.password());
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("assumeMinServerVersion", "14");
        // Prepared and binary at once, not after the fifth run.
        properties.setProperty("prepareThreshold", "-1");
        properties.setProperty("reWriteBatchedInserts", String.valueOf(rewriting));
        if (replication != null) {
            // Its server process knows simple queries only.
            properties.setProperty("replication", replication);
            properties.setProperty("preferQueryMode", "simple");
        }
        String url = "jdbc:postgresql://" + target.host() + ":" + target.port() + "/" + target.database();
        return DriverManager.getConnection(url, properties);
    }
}
