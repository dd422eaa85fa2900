package dev.howdah.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The outcome of one workload as text, for a terminal or in Markdown. */
final class Table {

    private static final double MIB = 1024.0 * 1024.0;

    private final WorkloadId workload;
    private final int operations;
    private final List<List<String>> lines = new ArrayList<>();

    Table(WorkloadId workload, int operations, List<Samples> clients) {
        this.workload = workload;
        this.operations = operations;
        @Nullable
        Samples yardstick = clients.stream()
                .filter(samples -> samples.client().equals(workload.yardstick()))
                .findFirst()
                .orElse(null);
        lines.add(head());
        for (Samples samples : clients) {
            lines.add(line(samples, yardstick));
        }
    }

    private List<String> head() {
        List<String> head = new ArrayList<>(List.of(
                "client",
                workload.unit() + "s/s",
                "min to max",
                "x " + workload.yardstick(),
                "client CPU µs/" + workload.unit(),
                "x " + workload.yardstick()));
        if (workload.hasLatency()) {
            head.addAll(List.of("p50 µs", "p99 µs"));
        }
        if (workload.hasMemory()) {
            head.addAll(List.of("peak RSS MiB", "peak heap MiB", "result MiB"));
        }
        return head;
    }

    private List<String> line(Samples samples, @Nullable Samples yardstick) {
        double speed = samples.median(Measure::perSecond);
        double cpu = samples.median(Measure::cpuMicros);
        List<String> line = new ArrayList<>();
        line.add(samples.client());
        line.add(whole(speed));
        line.add(whole(samples.least(Measure::perSecond)) + " to " + whole(samples.most(Measure::perSecond)));
        line.add(yardstick == null ? "-" : fraction(speed / yardstick.median(Measure::perSecond)));
        line.add(cpu >= 100 ? whole(cpu) : fraction(cpu));
        line.add(yardstick == null ? "-" : fraction(cpu / yardstick.median(Measure::cpuMicros)));
        if (workload.hasLatency()) {
            line.add(tenths(samples.median(Measure::p50) / 1e3));
            line.add(tenths(samples.median(Measure::p99) / 1e3));
        }
        if (workload.hasMemory()) {
            line.add(whole(samples.most(Measure::peakResident) / MIB));
            line.add(whole(samples.median(Measure::peakHeap) / MIB));
            line.add(whole(samples.median(Measure::heldHeap) / MIB));
        }
        return line;
    }

    String text() {
        int columns = lines.get(0).size();
        int[] widths = new int[columns];
        for (List<String> line : lines) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder(title()).append('\n');
        for (List<String> line : lines) {
            text.append(' ');
            for (int i = 0; i < columns; i++) {
                String cell = line.get(i);
                String space = " ".repeat(widths[i] - cell.length());
                text.append(' ').append(i == 0 ? cell + space : space + cell).append(' ');
            }
            text.append('\n');
        }
        return text.toString();
    }

    String markdown() {
        StringBuilder text = new StringBuilder("**").append(title()).append("**\n\n");
        text.append(row(lines.get(0)));
        text.append("|---|").append("---:|".repeat(lines.get(0).size() - 1)).append('\n');
        for (List<String> line : lines.subList(1, lines.size())) {
            text.append(row(line));
        }
        return text.toString();
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private String title() {
        return workload + ": " + workload.title() + " (" + String.format(Locale.ROOT, "%,d", operations) + " "
                + workload.unit() + "s a repetition)";
    }

    private static String whole(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String tenths(double value) {
        return String.format(Locale.ROOT, "%,.1f", value);
    }

    private static String fraction(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
