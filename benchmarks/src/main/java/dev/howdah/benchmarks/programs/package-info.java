/** PostgreSQL's own programs as a client. */
@NullMarked
package dev.howdah.benchmarks.programs;

import org.jspecify.annotations.NullMarked;
