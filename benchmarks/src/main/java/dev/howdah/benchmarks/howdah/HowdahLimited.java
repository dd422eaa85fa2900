package dev.howdah.benchmarks.howdah;

import dev.howdah.Howdah;
import dev.howdah.benchmarks.Client;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import dev.howdah.benchmarks.WorkloadId;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** Howdah with a limit to how long a query may take, which none reaches. */
public final class HowdahLimited implements Client {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "Howdah limited";
    }

    @Override
    public Set<WorkloadId> workloads() {
        return EnumSet.of(WorkloadId.W2);
    }

    @Override
    public Workload open(WorkloadId workload, Target target) {
        return new ManyConnections(
                WorkloadId.LANES,
                () -> Howdah.connect(HowdahClient.options(target).toBuilder()
                        .queryTimeout(LIMIT)
                        .build()),
                target.keys());
    }
}
