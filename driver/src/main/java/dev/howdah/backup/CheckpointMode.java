package dev.howdah.backup;

/** How the server does the checkpoint that a backup begins with. */
public enum CheckpointMode {
    /** At once, with all it has. */
    FAST,
    /** Spread out, so that others feel less of it; that may take minutes. */
    SPREAD
}
