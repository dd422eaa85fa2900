/** The workloads as a user of pgjdbc, the JDBC driver would write them. */
@NullMarked
package dev.howdah.benchmarks.pgjdbc;

import org.jspecify.annotations.NullMarked;
