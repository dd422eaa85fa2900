package dev.howdah.benchmarks.howdah;

import dev.howdah.benchmarks.Client;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import dev.howdah.benchmarks.WorkloadId;
import java.util.EnumSet;
import java.util.Set;

/** Howdah's streams, which need no transaction. */
public final class HowdahStreams implements Client {

    @Override
    public String name() {
        return "Howdah stream";
    }

    @Override
    public Set<WorkloadId> workloads() {
        return EnumSet.of(WorkloadId.W4C);
    }

    @Override
    public Workload open(WorkloadId workload, Target target) {
        return new FetchPages(HowdahClient.connect(target), FetchPages.Scope.NONE);
    }
}
