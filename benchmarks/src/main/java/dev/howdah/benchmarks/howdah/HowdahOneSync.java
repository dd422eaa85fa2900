package dev.howdah.benchmarks.howdah;

import dev.howdah.PipelineMode;
import dev.howdah.benchmarks.Client;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import dev.howdah.benchmarks.WorkloadId;
import java.util.EnumSet;
import java.util.Set;

/** Howdah's pipeline with one sync at the end: all of it is one transaction. */
public final class HowdahOneSync implements Client {

    @Override
    public String name() {
        return "Howdah one sync";
    }

    @Override
    public Set<WorkloadId> workloads() {
        return EnumSet.of(WorkloadId.W3);
    }

    @Override
    public Workload open(WorkloadId workload, Target target) {
        return new PipelinedSelects(HowdahClient.connect(target), target.keys(), PipelineMode.SHARED_SYNC);
    }
}
