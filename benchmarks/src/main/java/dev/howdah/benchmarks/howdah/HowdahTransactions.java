package dev.howdah.benchmarks.howdah;

import dev.howdah.benchmarks.Client;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import dev.howdah.benchmarks.WorkloadId;
import java.util.EnumSet;
import java.util.Set;

/** Howdah that reads the changes it drains transaction by transaction, every column of them. */
public final class HowdahTransactions implements Client {

    @Override
    public String name() {
        return "Howdah transactions";
    }

    @Override
    public Set<WorkloadId> workloads() {
        return EnumSet.of(WorkloadId.W8);
    }

    @Override
    public Workload open(WorkloadId workload, Target target) {
        return new DrainedChanges(HowdahClient.options(target), DrainedChanges.Form.TRANSACTIONS);
    }
}
