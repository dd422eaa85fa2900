package dev.howdah.benchmarks;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * One client in a JVM of its own. It reads commands from its standard input, one a line, answers each with one line on its standard
 * output, and ends when its input does:
 *
 * <ul>
 *   <li>{@code open CLIENT WORKLOAD HOST PORT DATABASE USER PASSWORD KEYS} (texts in Base64)
 *   <li>{@code run COUNT ROUND}: answers with a {@link Measure}
 *   <li>{@code profile}: starts to sample; {@code profiled}: answers with where the samples were, in Base64
 * </ul>
 *
 * What goes wrong is answered with {@code failed}, and told in full on standard error.
 */
final class Worker {

    private final BufferedReader in;
    private final PrintStream out;
    private final CpuClock cpu = new CpuClock();
    private @Nullable WorkloadId id;
    private @Nullable Workload workload;
    private @Nullable Profile profile;

    private Worker(BufferedReader in, PrintStream out) {
        this.in = in;
        this.out = out;
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        // Whatever a library prints must not be taken for an answer.
        System.setOut(System.err);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        new Worker(in, out).serve();
    }

    private void serve() throws Exception {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            answer(line);
        }
        if (workload != null) {
            workload.close();
        }
    }

    private void answer(String line) {
        String answer;
        try {
            answer = "ok " + obey(line.split(" "));
        } catch (Exception | LinkageError | OutOfMemoryError | AssertionError e) {
            e.printStackTrace();
            answer = "failed " + e.toString().replace('\n', ' ');
        }
        out.println(answer);
        out.flush();
    }

    private String obey(String[] words) throws Exception {
        switch (words[0]) {
            case "open" -> {
                id = WorkloadId.valueOf(words[2]);
                Target target = new Target(
                        text(words[3]),
                        Integer.parseInt(words[4]),
                        text(words[5]),
                        text(words[6]),
                        text(words[7]),
                        Integer.parseInt(words[8]));
                workload = Client.named(text(words[1])).open(id, target);
                return "";
            }
            case "run" -> {
                return run(Integer.parseInt(words[1]), Integer.parseInt(words[2]))
                        .line();
            }
            case "profile" -> {
                profile = Profile.start();
                return "";
            }
            case "profiled" -> {
                String text = profile == null ? "" : profile.stop();
                profile = null;
                return encode(text);
            }
            default -> throw new IllegalArgumentException("unknown command " + words[0]);
        }
    }

    private Measure run(int count, int round) throws Exception {
        if (workload == null || id == null) {
            throw new IllegalStateException("nothing is open");
        }
        Latencies latencies = new Latencies(id.hasLatency() ? count : 0);
        workload.prepare(count);
        // A collection before each repetition would be the one that its garbage costs, and has compiled code entered by
        // a slow path.
        long liveBefore = id.hasMemory() ? Memory.live() : 0;
        Memory.resetPeak();
        cpu.start();
        long start = System.nanoTime();
        Workload.Answer answer = workload.run(count, round, latencies);
        long nanos = System.nanoTime() - start;
        long cpuNanos = cpu.stop();
        long peakHeap = Memory.peakHeap();
        long peakResident = Memory.peakResident();
        long held = id.hasMemory() ? Memory.live() - liveBefore : 0;
        if (answer.held() instanceof AutoCloseable closeable) {
            closeable.close();
        }
        return new Measure(
                count,
                nanos,
                cpuNanos,
                latencies.quantile(0.5),
                latencies.quantile(0.99),
                peakResident,
                peakHeap,
                held,
                answer.tally());
    }

    static String encode(String text) {
        // Never empty, so that it is always a word of its own.
        return "=" + Base64.getEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(String encoded) {
        return new String(Base64.getDecoder().decode(encoded.substring(1)), StandardCharsets.UTF_8);
    }
}
