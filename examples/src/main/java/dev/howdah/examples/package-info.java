/**
 * Small programs, one for each thing to show. Each takes a connection string (nothing given: the {@code PG*} environment),
 * prints what it does, leaves nothing behind in the database and ends by itself.
 */
@NullMarked
package dev.howdah.examples;

import org.jspecify.annotations.NullMarked;
