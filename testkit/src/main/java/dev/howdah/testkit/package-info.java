/**
 * What tests of a PostgreSQL client need: real servers, certificates, a faulty wire, a leak check, a clock. Knows nothing of the
 * driver under test.
 */
@NullMarked
package dev.howdah.testkit;

import org.jspecify.annotations.NullMarked;
