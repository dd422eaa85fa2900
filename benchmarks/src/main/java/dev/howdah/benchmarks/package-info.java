/** Runs the driver and its peers side by side against one server, each in a JVM of its own, and prints what each took. */
@NullMarked
package dev.howdah.benchmarks;

import org.jspecify.annotations.NullMarked;
