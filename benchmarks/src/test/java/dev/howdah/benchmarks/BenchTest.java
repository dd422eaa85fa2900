package dev.howdah.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchTest {

    @ParameterizedTest
    @ValueSource(strings = {"--only W99", "--clients nobody", "--reps 0", "--reps", "--fast"})
    void wrongUsageIsSaidAndIsExitCodeTwo(String arguments) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int exit = Bench.run(System.out, new PrintStream(err, true, StandardCharsets.UTF_8), arguments.split(" "));

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("usage: benchmarks/run");
    }

    @Test
    void tableComparesMediansWithThoseOfTheYardstick() {
        Samples one = new Samples("Howdah", List.of(measure(500, 250), measure(1_000, 500), measure(400, 300)));
        Samples other = new Samples("pgjdbc", List.of(measure(1_000, 600)));

        assertThat(new Table(WorkloadId.W5, 1_000, List.of(one, other)).markdown())
                .contains("| Howdah | 2,000,000 | 1,000,000 to 2,500,000 | 2.00 | 0.30 | 0.50 |")
                .contains("| pgjdbc | 1,000,000 | 1,000,000 to 1,000,000 | 1.00 | 0.60 | 1.00 |");
    }

    @Test
    void workloadIsChosenByTheNameThatItHasInTheTables() {
        for (WorkloadId workload : WorkloadId.values()) {
            assertThat(BenchOptions.parse("--only", workload.toString()).workloads())
                    .containsExactly(workload);
        }
        assertThat(new Table(WorkloadId.W4C, 1_000, List.of(new Samples("pgjdbc", List.of(measure(1_000, 600)))))
                        .markdown())
                .startsWith("**W4c: ");
    }

    @Test
    void measureSurvivesTheWayBetweenProcesses() {
        Measure measure = new Measure(1, 2, 3, 4, 5, 6, 7, 8, "9,10 and more");

        assertThat(Measure.parse(measure.line())).isEqualTo(measure);
    }

    @Test
    void textSurvivesTheWayBetweenProcesses() {
        assertThat(Worker.text(Worker.encode("the elephant's own"))).isEqualTo("the elephant's own");
        assertThat(Worker.text(Worker.encode(""))).isEmpty();
    }

    private static Measure measure(long micros, long cpuMicros) {
        return new Measure(1_000, micros * 1_000, cpuMicros * 1_000, 0, 0, 0, 0, 0, "");
    }

    @Test
    void whatNeedsTheDiskForItselfRunsOnlyWhenItIsNamed() {
        assertThat(BenchOptions.parse("--quick").workloads())
                .contains(WorkloadId.W1, WorkloadId.W10)
                .noneMatch(WorkloadId::isOfServer);
        assertThat(BenchOptions.parse("--only", "W11,W1").workloads())
                .containsExactlyInAnyOrder(WorkloadId.W1, WorkloadId.W11);
    }

    @Test
    void aProcessThatHasEndedIsCountedWhereTheSystemTells() throws Exception {
        CpuClock clock = new CpuClock();
        clock.start();
        String busy = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";
        assertThat(new ProcessBuilder("sh", "-c", busy).start().waitFor()).isZero();
        long withChild = clock.stop();
        if (Files.exists(Path.of("/proc/self/stat"))) {
            assertThat(withChild).isGreaterThan(20_000_000);
        }
    }
}
