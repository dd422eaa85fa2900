package dev.howdah.pump;

/** What an interrupt of the calling thread means to an operation. */
public enum Interrupts {
    /** It ends the wait; a statement under way is cancelled. */
    CANCEL,
    /** Nothing: the operation cleans up and must not be cut short. The thread's flag is kept for whoever comes next. */
    DEFER
}
