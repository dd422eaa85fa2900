package dev.howdah.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * The CPU time of this process, user and system, all threads. The JVM counts it in steps of 10 milliseconds, too coarse for short
 * sections; Linux tells each thread's in nanoseconds, but forgets a thread that ends. The larger of the two differences is right to
 * within the kernel's own tick. Processes that were started and have ended meanwhile are counted as if they were this one, in the same
 * steps, where the system tells.
 */
final class CpuClock {

    private static final Path THREADS = Path.of("/proc/self/task");
    private static final Path STATE = Path.of("/proc/self/stat");
    private static final int CHILDREN_USER = 13;
    private static final long STEP = 10_000_000;

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private long processStart;
    private long childrenStart;
    private Map<String, Long> threadsStart = Map.of();

    /** Starts to count. */
    void start() throws IOException {
        threadsStart = threads();
        childrenStart = children();
        processStart = system.getProcessCpuTime();
    }

    /** Nanoseconds of CPU time since the start. */
    long stop() throws IOException {
        long process = system.getProcessCpuTime() - processStart;
        long children = children() - childrenStart;
        Map<String, Long> now = threads();
        if (now.isEmpty()) {
            return process + children;
        }
        long threads = 0;
        for (Map.Entry<String, Long> thread : now.entrySet()) {
            threads += thread.getValue() - threadsStart.getOrDefault(thread.getKey(), 0L);
        }
        return Math.max(threads, process - STEP) + children;
    }

    /** Nanoseconds of processes that were waited for; 0 where the system does not tell. */
    private static long children() throws IOException {
        if (!Files.exists(STATE)) {
            return 0;
        }
        String text = Files.readString(STATE);
        // The name of the program, in parentheses, may have blanks.
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_USER + 1])) * STEP;
    }

    /** Nanoseconds by thread; empty where the system does not tell. */
    private static Map<String, Long> threads() throws IOException {
        Map<String, Long> threads = new HashMap<>();
        if (!Files.isDirectory(THREADS)) {
            return threads;
        }
        // The kernel brings a thread's own time up to date when it lets go of the CPU.
        LockSupport.parkNanos(1);
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(THREADS)) {
            for (Path folder : folders) {
                try {
                    String times = Files.readString(folder.resolve("schedstat"));
                    threads.put(folder.getFileName().toString(), Long.valueOf(times.substring(0, times.indexOf(' '))));
                } catch (NoSuchFileException e) {
                    // The thread has ended meanwhile, or this kernel keeps no such file.
                }
            }
        }
        return threads;
    }
}
