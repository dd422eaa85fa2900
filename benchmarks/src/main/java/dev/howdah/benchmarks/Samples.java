package dev.howdah.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * All repetitions of one client in one workload.
 *
 * @param client the client's name
 * @param measures one for each repetition; at least one
 */
record Samples(String client, List<Measure> measures) {

    double median(ToDoubleFunction<Measure> value) {
        double[] sorted = measures.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double least(ToDoubleFunction<Measure> value) {
        return measures.stream().mapToDouble(value).min().orElseThrow();
    }

    double most(ToDoubleFunction<Measure> value) {
        return measures.stream().mapToDouble(value).max().orElseThrow();
    }
}
