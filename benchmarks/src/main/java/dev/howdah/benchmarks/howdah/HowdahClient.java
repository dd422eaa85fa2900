package dev.howdah.benchmarks.howdah;

import dev.howdah.BatchMode;
import dev.howdah.ConnectOptions;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.PipelineMode;
import dev.howdah.benchmarks.Client;
import dev.howdah.benchmarks.CopyForm;
import dev.howdah.benchmarks.LargeObjectTally;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import dev.howdah.benchmarks.WorkloadId;
import java.util.EnumSet;
import java.util.Set;

/** Howdah as it comes, without TLS. */
public final class HowdahClient implements Client {

    @Override
    public String name() {
        return "Howdah";
    }

    @Override
    public Set<WorkloadId> workloads() {
        return EnumSet.allOf(WorkloadId.class);
    }

    @Override
    public Workload open(WorkloadId workload, Target target) {
        return switch (workload) {
            case W1 -> new SingleSelects(connect(target), target.keys());
            case W2 -> new ManyConnections(WorkloadId.LANES, () -> connect(target), target.keys());
            case W3 -> new PipelinedSelects(connect(target), target.keys(), PipelineMode.SYNC_EACH);
            case W4 -> new FetchAll(connect(target));
            case W4C -> new FetchPages(connect(target), FetchPages.Scope.TRANSACTION);
            case W5 -> new InsertRows(connect(target), BatchMode.PIPELINED);
            case W6TI -> new CopyData(connect(target), CopyForm.TEXT_IN);
            case W6BI -> new CopyData(connect(target), CopyForm.BINARY_IN);
            case W6TO -> new CopyData(connect(target), CopyForm.TEXT_OUT);
            case W6BO -> new CopyData(connect(target), CopyForm.BINARY_OUT);
            case W6RI -> new CopyRowsIn(connect(target));
            case W6RO -> new CopyRowsOut(connect(target));
            case W7 -> new Listening(connect(target), connect(target), false);
            case W7S -> new Listening(connect(target), connect(target), true);
            case W8 -> new DrainedChanges(options(target), DrainedChanges.Form.RAW);
            case W8T -> new DrainedChanges(options(target), DrainedChanges.Form.TEXT);
            case W9 -> new LargeObjectWrites(connect(target));
            case W9R -> new LargeObjectReads(connect(target), LargeObjectTally.SMALL);
            case W9M -> new LargeObjectReads(connect(target), LargeObjectTally.LARGE);
            case W10 -> new Connects(options(target));
            case W11 -> new Backups(options(target), false);
            case W11T -> new Backups(options(target), true);
            case W12 -> new ReceivedLog(target);
        };
    }

    static PgConnection connect(Target target) {
        return Howdah.connect(options(target));
    }

    static ConnectOptions options(Target target) {
        return ConnectOptions.parse(target.conninfo());
    }
}
