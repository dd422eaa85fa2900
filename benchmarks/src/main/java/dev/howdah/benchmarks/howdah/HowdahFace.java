package dev.howdah.benchmarks.howdah;

import dev.howdah.Howdah;
import dev.howdah.WaitCallback;
import dev.howdah.benchmarks.Client;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import dev.howdah.benchmarks.WorkloadId;
import java.util.EnumSet;
import java.util.Set;

/** Howdah with another way to wait than that of the calling thread; one connection. */
public final class HowdahFace implements Client {

    /** The way to wait. */
    public enum Face {
        /** By the ready-made callback. */
        CALLBACK("callback"),
        /** By a loop over a selector. */
        POLLING("polling"),
        /** By stages. */
        ASYNC("async");

        private final String word;

        Face(String word) {
            this.word = word;
        }
    }

    private final Face face;

    /** One that waits in this way. */
    public HowdahFace(Face face) {
        this.face = face;
    }

    @Override
    public String name() {
        return "Howdah " + face.word;
    }

    @Override
    public Set<WorkloadId> workloads() {
        return EnumSet.of(WorkloadId.W1);
    }

    @Override
    public Workload open(WorkloadId workload, Target target) throws Exception {
        return switch (face) {
            case CALLBACK ->
                new SingleSelects(
                        Howdah.connect(HowdahClient.options(target).toBuilder()
                                .waitCallback(WaitCallback.select())
                                .build()),
                        target.keys());
            case POLLING -> new PolledSelects(HowdahClient.options(target), target.keys());
            case ASYNC -> new StagedSelects(HowdahClient.options(target), target.keys());
        };
    }
}
