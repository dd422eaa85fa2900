package dev.howdah.benchmarks;

import dev.howdah.benchmarks.programs.PostgresPrograms;
import dev.howdah.testkit.AdminSession;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.TestDatabase;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Starts a server and the clients, lets them work by turns, checks what they read, prints the tables. */
public final class Bench {

    private final BenchOptions options;
    private final PrintStream out;
    private final StringBuilder markdown = new StringBuilder();

    private Bench(BenchOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** See {@code --help}. */
    public static void main(String[] arguments) {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.print(BenchOptions.USAGE);
            return;
        }
        System.exit(run(System.out, System.err, arguments));
    }

    /** Runs what the arguments say, and returns the exit code. */
    static int run(PrintStream out, PrintStream err, String... arguments) {
        BenchOptions options;
        try {
            options = BenchOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            err.print(BenchOptions.USAGE);
            return 2;
        }
        try {
            new Bench(options, out).run();
            return 0;
        } catch (WrongAnswerException e) {
            err.println("WRONG ANSWER: " + e.getMessage());
            return 1;
        } catch (IOException e) {
            err.println(e.getMessage());
            return 1;
        }
    }

    private void run() throws IOException {
        List<WorkloadId> ofDatabase = new ArrayList<>(options.workloads());
        ofDatabase.removeIf(WorkloadId::isOfServer);
        run(ofDatabase, PostgresServer.NEWEST, Data.create(options.sizes()));
        List<WorkloadId> ofServer = new ArrayList<>(options.workloads());
        ofServer.removeAll(ofDatabase);
        run(ofServer, PostgresPrograms.version().orElse(PostgresServer.NEWEST), "");
    }

    /** Runs workloads on a server of their own. */
    private void run(List<WorkloadId> workloads, int version, String script) throws IOException {
        if (workloads.isEmpty()) {
            return;
        }
        PostgresServer.Builder builder =
                PostgresServer.builder().version(version).withoutTls();
        ServerTuning.SETTINGS.forEach(builder::config);
        try (PostgresServer server = builder.start();
                TestDatabase database = server.createDatabase();
                AdminSession admin = database.admin()) {
            String machine = machine(admin, workloads.getFirst());
            out.println(machine);
            out.println();
            markdown.append(markdown.isEmpty() ? "" : "\n").append(machine).append('\n');
            admin.execute(script);
            admin.execute("vacuum (freeze, analyze)");
            admin.execute("checkpoint");
            Target target = new Target(
                    server.host(),
                    server.port(),
                    database.name(),
                    server.superuser(),
                    server.password(),
                    options.sizes().keys());
            Checks checks = new Checks(admin, target, options.sizes());
            for (WorkloadId workload : workloads) {
                run(workload, target, checks);
                // After each, so that a run that is stopped leaves what it has.
                writeMarkdown();
            }
        }
    }

    private void run(WorkloadId workload, Target target, Checks checks) throws IOException {
        List<WorkerProcess> workers = new ArrayList<>();
        try {
            for (Client client : options.clients()) {
                if (client.workloads().contains(workload)) {
                    workers.add(WorkerProcess.start(client, workload, target));
                }
            }
            int round = 0;
            for (int i = 0; i < options.sizes().warmUps(workload); i++) {
                for (WorkerProcess worker : workers) {
                    measure(worker, workload, round, checks);
                }
                round++;
            }
            if (options.profile()) {
                for (WorkerProcess worker : workers) {
                    worker.startProfile();
                }
            }
            List<Samples> samples = new ArrayList<>();
            for (WorkerProcess worker : workers) {
                samples.add(new Samples(worker.client().name(), new ArrayList<>()));
            }
            for (int i = 0; i < options.repetitions(); i++) {
                for (int w = 0; w < workers.size(); w++) {
                    samples.get(w).measures().add(measure(workers.get(w), workload, round, checks));
                }
                round++;
            }
            Table table = new Table(workload, options.sizes().operations(workload), samples);
            markdown.append('\n').append(table.markdown());
            out.println(table.text());
            if (options.profile()) {
                for (WorkerProcess worker : workers) {
                    out.println("  " + worker.client().name() + " in " + workload + ":");
                    out.println(worker.stopProfile());
                }
            }
        } finally {
            close(workers);
        }
    }

    private Measure measure(WorkerProcess worker, WorkloadId workload, int round, Checks checks) throws IOException {
        checks.before(workload);
        Measure measure = worker.run(options.sizes().operations(workload), round);
        checks.after(worker.client().name(), workload, round, measure);
        return measure;
    }

    private static void close(List<WorkerProcess> workers) throws IOException {
        for (WorkerProcess worker : workers) {
            worker.close();
        }
    }

    private String machine(AdminSession admin, WorkloadId first) {
        // The load says how much else the machine was doing when the run began.
        return "%d cores, load %.1f, %s %s, JDK %s (%s), %s, PostgreSQL %s (%s); %d interleaved repetitions after %d to warm up"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        Runtime.version(),
                        System.getProperty("java.vendor"),
                        String.join(" ", WorkerProcess.JVM_OPTIONS),
                        admin.value("show server_version"),
                        ServerTuning.words(),
                        options.repetitions(),
                        options.sizes().warmUps(first));
    }

    private void writeMarkdown() throws IOException {
        if (options.markdown() != null) {
            Files.writeString(options.markdown(), markdown, StandardCharsets.UTF_8);
        }
    }
}
