/** The workloads as a user of Howdah would write them. */
@NullMarked
package dev.howdah.benchmarks.howdah;

import org.jspecify.annotations.NullMarked;
