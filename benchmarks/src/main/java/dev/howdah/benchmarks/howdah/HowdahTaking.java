package dev.howdah.benchmarks.howdah;

import dev.howdah.benchmarks.Client;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import dev.howdah.benchmarks.WorkloadId;
import java.util.EnumSet;
import java.util.Set;

/** Howdah with a thread that takes the notifications one after another, instead of a listener. */
public final class HowdahTaking implements Client {

    @Override
    public String name() {
        return "Howdah taking";
    }

    @Override
    public Set<WorkloadId> workloads() {
        return EnumSet.of(WorkloadId.W7, WorkloadId.W7S);
    }

    @Override
    public Workload open(WorkloadId workload, Target target) {
        return new Taking(HowdahClient.connect(target), HowdahClient.connect(target), workload == WorkloadId.W7S);
    }
}
