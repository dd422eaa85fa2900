package dev.howdah.benchmarks;

import dev.howdah.benchmarks.howdah.HowdahArrays;
import dev.howdah.benchmarks.howdah.HowdahClient;
import dev.howdah.benchmarks.howdah.HowdahDecoded;
import dev.howdah.benchmarks.howdah.HowdahFace;
import dev.howdah.benchmarks.howdah.HowdahLimited;
import dev.howdah.benchmarks.howdah.HowdahOneSync;
import dev.howdah.benchmarks.howdah.HowdahShared;
import dev.howdah.benchmarks.howdah.HowdahStreams;
import dev.howdah.benchmarks.howdah.HowdahTaking;
import dev.howdah.benchmarks.howdah.HowdahTransactions;
import dev.howdah.benchmarks.pgjdbc.PgjdbcClient;
import dev.howdah.benchmarks.programs.PostgresPrograms;
import dev.howdah.benchmarks.vertx.VertxClient;
import java.util.List;
import java.util.Set;

/** One line of the tables: a driver with its settings. */
public interface Client {

    /** As it stands in the tables. */
    String name();

    /** What it takes part in. */
    Set<WorkloadId> workloads();

    /** Connects and prepares what shall not be measured. */
    Workload open(WorkloadId workload, Target target) throws Exception;

    /** The client that the others are compared with, where it takes part. */
    String YARDSTICK = "pgjdbc";

    /** All clients, in the tables' order. */
    static List<Client> all() {
        return List.of(
                new HowdahClient(),
                new HowdahOneSync(),
                new HowdahStreams(),
                new HowdahArrays(),
                new HowdahDecoded(),
                new HowdahTransactions(),
                new HowdahShared("Howdah shared", WorkloadId.LANES),
                new HowdahShared("Howdah shared 1000", 1_000),
                new HowdahLimited(),
                new HowdahTaking(),
                new HowdahFace(HowdahFace.Face.CALLBACK),
                new HowdahFace(HowdahFace.Face.POLLING),
                new HowdahFace(HowdahFace.Face.ASYNC),
                new PgjdbcClient(false),
                new PgjdbcClient(true),
                new VertxClient(),
                new PostgresPrograms());
    }

    /** The client of this name. */
    static Client named(String name) {
        return all().stream()
                .filter(client -> client.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no client is called '" + name + "', there are "
                        + all().stream().map(Client::name).toList()));
    }
}
