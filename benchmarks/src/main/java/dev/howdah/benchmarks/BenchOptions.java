package dev.howdah.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to run.
 *
 * @param workloads which workloads
 * @param clients which clients
 * @param repetitions measured repetitions of each
 * @param sizes how much of everything
 * @param profile whether to sample where the clients spend their time
 * @param markdown the file that gets the tables too, if any
 */
record BenchOptions(
        Set<WorkloadId> workloads,
        List<Client> clients,
        int repetitions,
        Sizes sizes,
        boolean profile,
        @Nullable Path markdown) {

    static final String USAGE = """
            usage: benchmarks/run [option...]

            Runs the workloads of docs/performance.md for every client against one embedded PostgreSQL and prints a table of each;
            W11, W11t and W12, which are of a whole server, only when they are named, against another one.

              --only W1,W4        these workloads only
              --clients A,B       these clients only: Howdah, Howdah one sync, Howdah stream,
                                  Howdah arrays, Howdah shared, Howdah shared 1000,
                                  Howdah callback, Howdah polling, Howdah async,
                                  pgjdbc, pgjdbc rewriting, Vert.x, PostgreSQL
              --reps N            measured repetitions of each (5)
              --quick             small counts: shows that everything works, the figures mean nothing
              --markdown FILE     writes the tables into FILE too
              --profile           also tells where each client's JVM spends its time (makes it slower)
              --help              this text

            exit code: 0 well, 1 failed (a client read something wrong, say), 2 wrong usage
            """;

    static BenchOptions parse(String... arguments) {
        Set<WorkloadId> workloads = EnumSet.allOf(WorkloadId.class);
        workloads.removeIf(WorkloadId::isOfServer);
        List<Client> clients = Client.all();
        @Nullable Integer repetitions = null;
        boolean quick = false;
        boolean profile = false;
        @Nullable Path markdown = null;
        for (int i = 0; i < arguments.length; i++) {
            String option = arguments[i];
            switch (option) {
                case "--quick" -> quick = true;
                case "--profile" -> profile = true;
                case "--only" -> workloads = workloads(value(option, arguments, ++i));
                case "--clients" -> clients = clients(value(option, arguments, ++i));
                case "--reps" -> repetitions = positive(option, value(option, arguments, ++i));
                case "--markdown" -> markdown = Path.of(value(option, arguments, ++i));
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        int count = repetitions != null ? repetitions : quick ? 2 : 5;
        return new BenchOptions(workloads, clients, count, quick ? Sizes.QUICK : Sizes.FULL, profile, markdown);
    }

    private static String value(String option, String[] arguments, int at) {
        if (at >= arguments.length) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return arguments[at];
    }

    private static int positive(String option, String text) {
        if (!text.matches("[1-9][0-9]{0,3}")) {
            throw new IllegalArgumentException(option + " needs a number from 1 to 9999, not '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    private static Set<WorkloadId> workloads(String text) {
        Set<WorkloadId> chosen = EnumSet.noneOf(WorkloadId.class);
        for (String name : text.split(",")) {
            chosen.add(Arrays.stream(WorkloadId.values())
                    .filter(id -> id.toString().equalsIgnoreCase(name.strip()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no workload is called '" + name + "', there are "
                            + Arrays.toString(WorkloadId.values()))));
        }
        return chosen;
    }

    private static List<Client> clients(String text) {
        List<Client> chosen = Arrays.stream(text.split(","))
                .map(name -> Client.named(name.strip()))
                .toList();
        return Client.all().stream()
                .filter(client -> chosen.stream().anyMatch(other -> other.name().equals(client.name())))
                .toList();
    }
}
