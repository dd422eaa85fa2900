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

    private final List<SingleSelects> threads = new ArrayList<>();

    /**
     * Makes them.
     *
     * @param count how many threads
     * @param connections gives each of them its connection
     */
    ManyConnections(int count, Supplier<PgConnection> connections, int keys) {
        for (int i = 0; i < count; i++) {
            threads.add(new SingleSelects(connections.get(), keys));
        }
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws Exception {
        int all = threads.size();
        SelectTally tally = new SelectTally();
        Lanes.onVirtualThreads(all, thread -> {
                    int from = (int) ((long) count * thread / all);
                    int to = (int) ((long) count * (thread + 1) / all);
                    return threads.get(thread).select(from, to, count / WorkloadId.LANES, round, latencies);
                })
                .forEach(tally::add);
        return Answer.of(tally);
    }

    @Override
    public void close() {
        for (SingleSelects thread : threads) {
            thread.close();
        }
    }
}
