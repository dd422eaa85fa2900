package dev.howdah.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** Where this process spends its time, sampled by the JVM's flight recorder. */
final class Profile {

    private static final int LINES = 15;

    /** What the harness itself does, which is not measured either. */
    private static final Set<String> UNMEASURED = Set.of(
            Data.class.getName() + ".rows",
            Memory.class.getName() + ".live",
            Memory.class.getName() + ".peakHeap",
            Memory.class.getName() + ".peakResident",
            CpuClock.class.getName() + ".start",
            CpuClock.class.getName() + ".stop",
            Latencies.class.getName() + ".quantile",
            "java.io.FileInputStream.readBytes");

    private final Recording recording;

    private Profile(Recording recording) {
        this.recording = recording;
    }

    static Profile start() {
        Recording recording = new Recording();
        recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
        recording.enable("jdk.NativeMethodSample").withPeriod(Duration.ofMillis(10));
        recording.enable("jdk.ObjectAllocationSample").with("throttle", "1000/s");
        recording.enable("jdk.GCPhasePause");
        recording.start();
        return new Profile(recording);
    }

    /** Stops, and tells which methods were seen most often, which were on the way there, and what was allocated. */
    String stop() throws IOException {
        Path file = Files.createTempFile("profile", ".jfr");
        try {
            recording.stop();
            recording.dump(file);
            recording.close();
            return tell(RecordingFile.readAllEvents(file));
        } finally {
            Files.delete(file);
        }
    }

    private static String tell(List<RecordedEvent> events) {
        Map<String, Long> tops = new HashMap<>();
        Map<String, Long> within = new HashMap<>();
        Map<String, Long> natives = new HashMap<>();
        Map<String, Long> allocated = new HashMap<>();
        long pauses = 0;
        for (RecordedEvent event : events) {
            List<String> frames = frames(event);
            if (frames.stream().anyMatch(UNMEASURED::contains)) {
                continue;
            }
            switch (event.getEventType().getName()) {
                case "jdk.ExecutionSample" -> count(frames, tops, within);
                case "jdk.NativeMethodSample" -> count(frames, natives, new HashMap<>());
                case "jdk.ObjectAllocationSample" ->
                    allocated.merge(event.getClass("objectClass").getName(), event.getLong("weight") / 1024, Long::sum);
                default -> pauses += event.getDuration().toMillis();
            }
        }
        return section("samples by method (Java code; a socket's system calls are not in it)", tops)
                + section("samples by method and all it called", within)
                + section("samples in native methods (waiting included)", natives)
                + section("KiB allocated by class", allocated)
                + "  garbage collector's pauses: " + pauses + " ms\n";
    }

    private static void count(List<String> frames, Map<String, Long> tops, Map<String, Long> within) {
        if (frames.isEmpty()) {
            return;
        }
        tops.merge(frames.get(0), 1L, Long::sum);
        for (String name : Set.copyOf(frames)) {
            within.merge(name, 1L, Long::sum);
        }
    }

    private static List<String> frames(RecordedEvent event) {
        if (event.getStackTrace() == null) {
            return List.of();
        }
        return event.getStackTrace().getFrames().stream().map(Profile::name).toList();
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    private static String section(String title, Map<String, Long> counts) {
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(LINES)
                .map(entry -> "  %7d  %s%n".formatted(entry.getValue(), entry.getKey()))
                .collect(Collectors.joining("", "  " + title + " (sum " + all + "):\n", ""));
    }
}
