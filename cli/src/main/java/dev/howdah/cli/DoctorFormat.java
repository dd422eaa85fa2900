package dev.howdah.cli;

/** What {@code howdah doctor} writes; the names are those of the command line. */
enum DoctorFormat {
    /** For people. */
    text,
    /** For programs. */
    json
}
