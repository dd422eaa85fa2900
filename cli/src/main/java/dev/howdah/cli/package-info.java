/** The {@code howdah} command: what the driver does, from a terminal. It uses the driver's public API only. */
@NullMarked
package dev.howdah.cli;

import org.jspecify.annotations.NullMarked;
