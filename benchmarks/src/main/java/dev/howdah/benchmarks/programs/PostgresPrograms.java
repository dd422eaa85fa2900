package dev.howdah.benchmarks.programs;

import dev.howdah.benchmarks.Client;
import dev.howdah.benchmarks.FreshFolder;
import dev.howdah.benchmarks.KeptLog;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import dev.howdah.benchmarks.WorkloadId;
import dev.howdah.testkit.InstalledTools;
import dev.howdah.testkit.PostgresServer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** pg_basebackup and pg_receivewal, where they are installed. They refuse servers of a later version than their own. */
public final class PostgresPrograms implements Client {

    /** As it stands in the tables. */
    public static final String NAME = "PostgreSQL";

    /** The first whose pg_receivewal begins where its slot stands. */
    private static final int OLDEST = 15;

    /** Returns the newest version whose programs are installed, if any are. */
    public static OptionalInt version() {
        return IntStream.iterate(PostgresServer.NEWEST, major -> major >= OLDEST, major -> major - 1)
                .filter(major -> InstalledTools.find("pg_basebackup", major).isPresent()
                        && InstalledTools.find("pg_receivewal", major).isPresent())
                .findFirst();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<WorkloadId> workloads() {
        return version().isPresent()
                ? EnumSet.of(WorkloadId.W11, WorkloadId.W11T, WorkloadId.W12)
                : EnumSet.noneOf(WorkloadId.class);
    }

    @Override
    public Workload open(WorkloadId workload, Target target) {
        return switch (workload) {
            case W11 -> backup(target, "--format=plain");
            case W11T -> backup(target, "--format=tar");
            case W12 ->
                new Program(
                        program("pg_receivewal"),
                        folder -> new String[] {
                            "--directory=" + folder,
                            "--slot=" + KeptLog.SLOT,
                            "--endpos=" + KeptLog.end(target),
                            "--no-loop",
                            "--dbname=" + target.conninfo()
                        },
                        true);
            default -> throw new IllegalArgumentException(NAME + " has no program for " + workload);
        };
    }

    private static Program backup(Target target, String format) {
        return new Program(
                program("pg_basebackup"),
                folder -> new String[] {
                    "--pgdata=" + folder,
                    format,
                    "--checkpoint=fast",
                    "--wal-method=stream",
                    "--dbname=" + target.conninfo()
                },
                false);
    }

    private static Path program(String name) {
        return InstalledTools.find(name, version().orElseThrow()).orElseThrow();
    }

    /** What a program is told. */
    private interface Arguments {
        String[] of(Path folder);
    }

    /** One of them, run once each time. Its CPU time is counted as that of this process, which waits. */
    private static final class Program implements Workload {
        private final Path program;
        private final Arguments arguments;
        private final FreshFolder folder;
        private String[] all = {};

        Program(Path program, Arguments arguments, boolean made) {
            this.program = program;
            this.arguments = arguments;
            this.folder = new FreshFolder(made);
        }

        @Override
        public void prepare(int count) {
            all = arguments.of(folder.renew());
        }

        @Override
        public Answer run(int count, int round, Latencies latencies) throws Exception {
            InstalledTools.Run run = InstalledTools.run(program, all);
            if (run.exitCode() != 0) {
                throw new IllegalStateException(program + " ended with " + run.exitCode() + ": " + run.output());
            }
            return Answer.of(folder.path());
        }

        @Override
        public void close() {
            folder.close();
        }
    }
}
