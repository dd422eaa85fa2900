package dev.howdah.cli;

/** What {@code howdah tail} writes; the names are those of the command line. */
enum TailFormat {
    /** For people. */
    text,
    /** For programs. */
    json
}
