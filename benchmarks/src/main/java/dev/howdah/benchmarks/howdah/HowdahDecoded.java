package dev.howdah.benchmarks.howdah;

import dev.howdah.benchmarks.Client;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import dev.howdah.benchmarks.WorkloadId;
import java.util.EnumSet;
import java.util.Set;

/** Howdah that makes rows of the changes it drains, and reads every column. */
public final class HowdahDecoded implements Client {

    @Override
    public String name() {
        return "Howdah decoded";
    }

    @Override
    public Set<WorkloadId> workloads() {
        return EnumSet.of(WorkloadId.W8);
    }

    @Override
    public Workload open(WorkloadId workload, Target target) {
        return new DrainedChanges(HowdahClient.options(target), DrainedChanges.Form.DECODED);
    }
}
