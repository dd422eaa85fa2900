package dev.howdah.benchmarks.howdah;

import dev.howdah.benchmarks.Lanes;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.SelectTally;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import dev.howdah.benchmarks.WorkloadId;
import java.util.ArrayList;
import java.util.List;

/** Connections side by side, each with a virtual thread of its own. */
final class ManyConnections implements Workload {

    private final List<SingleSelects> lanes = new ArrayList<>();

    ManyConnections(Target target) {
        for (int i = 0; i < WorkloadId.LANES; i++) {
            lanes.add(new SingleSelects(HowdahClient.connect(target), target.keys()));
        }
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws Exception {
        int each = count / lanes.size();
        SelectTally tally = new SelectTally();
        Lanes.onVirtualThreads(lanes.size(), lane -> lanes.get(lane).select(each, lane, round, latencies))
                .forEach(tally::add);
        return Answer.of(tally);
    }

    @Override
    public void close() {
        for (SingleSelects lane : lanes) {
            lane.close();
        }
    }
}
