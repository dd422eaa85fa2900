package dev.howdah.cli;

import java.nio.file.Path;

/**
 * A folder there and one here.
 *
 * @param from the one on the server, absolute
 * @param to the one on this machine
 */
record PathPair(Path from, Path to) {}
