/** {@code howdah demo}: chapters that do real work on a real server and check what came back. */
@NullMarked
package dev.howdah.cli.demo;

import org.jspecify.annotations.NullMarked;
