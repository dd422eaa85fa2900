/** The workloads as a user of the reactive client of Vert.x would write them. */
@NullMarked
package dev.howdah.benchmarks.vertx;

import org.jspecify.annotations.NullMarked;
