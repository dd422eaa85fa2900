package dev.howdah.benchmarks.howdah;

import dev.howdah.PgConnection;
import dev.howdah.benchmarks.Lanes;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.SelectTally;
import dev.howdah.benchmarks.Workload;
import dev.howdah.benchmarks.WorkloadId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Virtual threads side by side, each with a connection of its own, or all with the same. */
final class ManyConnections implements Workload {

    private final List<SingleSelects> lanes = new ArrayList<>();

    /**
     * Makes the lanes.
     *
     * @param connections gives each of them its connection
     */
    ManyConnections(Supplier<PgConnection> connections, int keys) {
        for (int i = 0; i < WorkloadId.LANES; i++) {
            lanes.add(new SingleSelects(connections.get(), keys));
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
