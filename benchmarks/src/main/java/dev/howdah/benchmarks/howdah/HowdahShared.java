package dev.howdah.benchmarks.howdah;

import dev.howdah.PgConnection;
import dev.howdah.benchmarks.Client;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import dev.howdah.benchmarks.WorkloadId;
import java.util.EnumSet;
import java.util.Set;

/** Howdah with all virtual threads on one connection. */
public final class HowdahShared implements Client {

    private final String name;
    private final int threads;

    /**
     * Makes one.
     *
     * @param threads how many threads share the connection
     */
    public HowdahShared(String name, int threads) {
        this.name = name;
        this.threads = threads;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<WorkloadId> workloads() {
        return EnumSet.of(WorkloadId.W2);
    }

    @Override
    public Workload open(WorkloadId workload, Target target) {
        PgConnection shared = HowdahClient.connect(target);
        return new ManyConnections(threads, () -> shared, target.keys());
    }
}
