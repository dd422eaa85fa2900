package dev.howdah.benchmarks.howdah;

import dev.howdah.BatchMode;
import dev.howdah.benchmarks.Client;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import dev.howdah.benchmarks.WorkloadId;
import java.util.EnumSet;
import java.util.Set;

/** Howdah with the parameters of a batch bound as arrays. */
public final class HowdahArrays implements Client {

    @Override
    public String name() {
        return "Howdah arrays";
    }

    @Override
    public Set<WorkloadId> workloads() {
        return EnumSet.of(WorkloadId.W5);
    }

    @Override
    public Workload open(WorkloadId workload, Target target) {
        return new InsertRows(HowdahClient.connect(target), BatchMode.ARRAYS);
    }
}
