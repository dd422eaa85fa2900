package dev.howdah.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does the same on several virtual threads at once. */
public final class Lanes {

    private Lanes() {}

    /** What one lane does. */
    public interface Lane<T> {
        /** Does it, on a thread of its own. */
        T run(int lane) throws Exception;
    }

    /** Runs lanes 0 to {@code count - 1} at once, waits for all, and gives what each returned, in their order. */
    public static <T> List<T> onVirtualThreads(int count, Lane<T> work) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int lane = i;
                futures.add(threads.submit(() -> work.run(lane)));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }
}
